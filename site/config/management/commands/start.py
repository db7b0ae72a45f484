"""Start the site on one's own computer: database, demonstration, worker and web server."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, connections

from config.database import EMBEDDED_ENGINE

USUAL_PORT = 8000
PORTS_TO_TRY = 50


class Command(BaseCommand):
    help = "Starts the site and its worker, and loads the demonstration city the first time."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=USUAL_PORT)
        parser.add_argument("--anew", action="store_true", help="drop the database first")
        parser.add_argument("--only-prepare", action="store_true", help="do not start the servers")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.ENVIRONMENT != "development":
            raise CommandError("This is for trying and developing; see docs/operating.md.")
        start = time.monotonic()
        if options["anew"]:
            self._drop_database()
        self._prepare()
        if options["only_prepare"]:
            return
        port = self._free_port(options["port"])
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # end as Ctrl-C does
        # Links that carry the site's address, in e-mails and to share, lead to where it answers.
        os.environ.setdefault("SITE_URL", f"http://localhost:{port}")
        with (
            contextlib.suppress(KeyboardInterrupt),
            _background("db_worker", "--interval", "2", "--verbosity", "0"),
            _background("runserver", "--skip-checks", f"127.0.0.1:{port}"),
        ):
            _wait_until_it_answers(port)
            self._introduce(port, seconds=time.monotonic() - start)
            signal.pause()

    def _drop_database(self) -> None:
        if settings.DATABASES["default"]["ENGINE"] != EMBEDDED_ENGINE:
            raise CommandError("Only the embedded database is dropped; DATABASE_URL names another.")
        self.stdout.write("Dropping the database …")
        name = settings.DATABASES["default"]["NAME"]
        connections.close_all()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _prepare(self) -> None:
        self.stdout.write("Preparing the database …")
        call_command("migrate", verbosity=0, interactive=False)
        if not get_user_model().objects.exists():
            self.stdout.write("Loading the demonstration city …")
            call_command("load_demonstration", stdout=self.stdout)
        connections.close_all()

    def _free_port(self, wanted: int) -> int:
        for port in range(wanted, wanted + PORTS_TO_TRY):
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", port))
                except OSError:
                    continue
            if port != wanted:
                self.stdout.write(f"Port {wanted} is taken: using {port}.")
            return port
        raise CommandError(
            f"Ports {wanted} to {wanted + PORTS_TO_TRY - 1} are all taken. "
            "Free one, or name another with: make run PORT=9000"
        )

    def _introduce(self, port: int, *, seconds: float) -> None:
        address = f"http://localhost:{port}"
        self.stdout.write(
            f"\nReady in {seconds:.0f} s.\n\n"
            f"  The site    {address}/\n"
            f"  The admin   {address}/admin/\n"
            f"  Sign in     {address}/it/accesso/  with one click, as any of these people:\n"
        )
        people = get_user_model().objects.filter(is_active=True).prefetch_related("groups")
        for person in people.order_by("-is_superuser", "-is_staff", "pk"):
            roles = ", ".join(group.name for group in person.groups.all())
            if person.is_superuser:
                roles = "Administrator"
            self.stdout.write(f"    {person.get_full_name():26} {roles or 'resident'}")
        self.stdout.write("\nStop with Ctrl-C.\n")
        connections.close_all()


@contextlib.contextmanager
def _background(*command: str) -> Iterator[None]:
    """Run a management command beside this one, and stop it with its children in the end."""
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "manage.py", *command],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_RUNSERVER_HIDE_WARNING": "true"},
        start_new_session=True,
    )
    try:
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def _wait_until_it_answers(port: int) -> None:
    for _ in range(300):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise CommandError(f"The web server did not answer on port {port} within 30 seconds.")
