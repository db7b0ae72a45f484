"""Where the data of the embedded PostgreSQL of each checkout lie."""

import contextlib
import hashlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

SYSTEM_FOLDER = Path("/var/lib/rione")


def data_folder(project: Path) -> Path:
    """Return where the cluster of this checkout lives.

    PostgreSQL refuses to run as root, and the package then runs it as a system user that must be
    able to reach its data; opening somebody's home folder for that would be wrong, so as root the
    data lives below /var/lib. There it is this checkout's alone: one that is made later at the same
    place begins with an empty database, since the pictures that an older one names are gone.
    """
    if os.geteuid() != 0:
        return project / "var" / "postgresql"
    return SYSTEM_FOLDER / _name(project, _mark(project))


def remember(project: Path) -> None:
    """Write beside the data of a checkout where it is, so that they can be told from leftovers."""
    folder = data_folder(project)
    if folder.parent == SYSTEM_FOLDER:
        # Never half written: another start would take it for a leftover.
        draft = folder.parent / f"{folder.name}.{os.getpid()}"
        draft.write_text(f"{project}\n")
        draft.replace(folder.parent / f"{folder.name}.checkout")


def left_over() -> Iterator[Path]:
    """Yield the data folders whose checkout was deleted, or made anew at the same place."""
    for file in SYSTEM_FOLDER.glob("*.checkout"):
        try:
            project = Path(file.read_text().strip())
        except FileNotFoundError:  # another start has just removed it
            continue
        mark, name = _mark_file(project), file.name.removesuffix(".checkout")
        if not mark.exists() or _name(project, mark.read_text()) != name:
            yield SYSTEM_FOLDER / name


def forget(folder: Path) -> None:
    """Remove what lies beside a data folder that is gone."""
    for suffix in ("checkout", "lock", "package-lock"):
        (folder.parent / f"{folder.name}.{suffix}").unlink(missing_ok=True)


def _name(project: Path, mark: str) -> str:
    return hashlib.sha256(f"{project}\n{mark}".encode()).hexdigest()[:12]


def _mark_file(project: Path) -> Path:
    return project / "var" / "checkout"


def _mark(project: Path) -> str:
    """Return the random mark of a checkout; the first command to ask makes it, also of many."""
    file = _mark_file(project)
    if not file.exists():
        file.parent.mkdir(exist_ok=True)
        draft = file.with_name(f"{file.name}.{os.getpid()}")
        draft.write_text(secrets.token_hex(8))
        with contextlib.suppress(FileExistsError):
            os.link(draft, file)
        draft.unlink()
    return file.read_text()
