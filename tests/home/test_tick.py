"""One command does what is due."""

import pytest
from django.core.management import CommandError, call_command
from wagtail import hooks

from home import tick


@pytest.mark.django_db
def test_a_job_that_fails_does_not_stop_the_others_and_the_command_says_so(capsys) -> None:
    done = []

    def broken(now):
        raise RuntimeError("no")

    def working(now):
        done.append(now)
        return ["worked"]

    with (
        hooks.register_temporarily([(tick.HOOK, broken), (tick.HOOK, working)]),
        pytest.raises(CommandError, match="broken"),
    ):
        call_command("tick")
    assert len(done) == 1
    assert "worked" in capsys.readouterr().out


@pytest.mark.race
def test_two_ticks_never_run_at_once() -> None:
    from django.db import connection
    from django.utils import timezone

    other = connection.copy()
    calls = []
    with hooks.register_temporarily(tick.HOOK, lambda now: calls.append(now) or []):
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [tick.LOCK])
        try:
            assert tick.tick(now=timezone.now()).was_busy
            assert not calls
        finally:
            # Closing alone lets go of the lock a moment later than it returns.
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [tick.LOCK])
            other.close()
        assert not tick.tick(now=timezone.now()).was_busy
        assert len(calls) == 1
