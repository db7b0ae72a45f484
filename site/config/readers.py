"""How the values of environment variables are read, and what is said of one that cannot be right.

Each reader takes the text of the variable and returns the value; it raises ValueError with what to
write instead, in a sentence without its full stop.
"""

import re
from collections.abc import Callable
from email.utils import parseaddr
from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

_NAME = re.compile(r"[a-z0-9]([a-z0-9_-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9_-]*[a-z0-9])?)*", re.I)
_SIXTH = re.compile(r"\[[0-9a-f:.]+\]", re.I)  # an address of version 6 of the protocol
_is_email = EmailValidator()
POSTGRESQL = {"postgres", "postgresql", "pgsql"}


def words(text: str) -> list[str]:
    """Read what stands between commas."""
    return [item.strip() for item in text.split(",") if item.strip()]


def switch(text: str) -> bool:
    """Read a yes or a no."""
    if text.lower() in {"1", "yes", "true", "on"}:
        return True
    if text.lower() in {"0", "no", "false", "off"}:
        return False
    raise ValueError("write yes or no")


def whole_number(*, least: int, most: int) -> Callable[[str], int]:
    """Return a reader of whole numbers between two bounds, both included."""

    def read(text: str) -> int:
        if not re.fullmatch("[0-9]{1,9}", text) or not least <= int(text) <= most:
            raise ValueError(f"write a whole number from {least} to {most}")
        return int(text)

    return read


def host_name(text: str) -> str:
    """Read the name or the address of one machine."""
    if not (_NAME.fullmatch(text) or _SIXTH.fullmatch(text)):
        raise ValueError("write the name of a machine, without https:// and without a port")
    return text


def host_names(text: str) -> list[str]:
    """Read the names a site answers to; one with a dot before it stands for those below it."""
    names = words(text)
    if not names or not all(
        _NAME.fullmatch(name.removeprefix(".")) or _SIXTH.fullmatch(name) for name in names
    ):
        raise ValueError(
            "write whole names, separated by commas, without https:// and without a port; * would "
            "let anybody choose the address that e-mails carry"
        )
    return names


def email_sender(text: str) -> str:
    """Read an e-mail address, alone or after a name: City <participation@city.example>."""
    try:
        _is_email(parseaddr(text)[1])
    except ValidationError:
        raise ValueError("write an e-mail address") from None
    return text


def folder(text: str) -> str:
    """Read the path of a folder, from the root: a process may start anywhere."""
    if not text.startswith("/"):
        raise ValueError("write the whole path of the folder, from /")
    return text


def web_address(text: str) -> str:
    """Read the address of a page."""
    _split(text)
    return text


def site_address(text: str) -> str:
    """Read the address of a site, which has no path; return it without a slash at its end."""
    parts = _split(text)
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("write https:// and the name of the site, and nothing after it")
    return text.rstrip("/")


def tiles_address(text: str) -> str:
    """Read the address of map tiles, with a place for level, column and row."""
    _split(text.replace("{s}", "s"))
    missing = [part for part in ("{z}", "{x}", "{y}") if part not in text]
    if missing:
        raise ValueError(f"write {' and '.join(missing)} where the tiles' addresses differ")
    return text


def postgresql_address(text: str) -> str:
    """Read the address of a PostgreSQL database. What is said of it does not repeat it."""
    try:
        parts = urlsplit(text)
        complete = parts.scheme in POSTGRESQL and len(parts.path) > 1 and parts.port != 0
    except ValueError:
        complete = False
    if not complete:
        raise ValueError(
            "write postgres://user:password@host/name: Rione works with PostgreSQL alone. Letters "
            "such as @, : and / in a password are written as %40, %3A and %2F"
        )
    return text


def _split(text: str) -> SplitResult:
    try:
        parts = urlsplit(text)
        right = parts.scheme in {"https", "http"} and parts.hostname and parts.port != 0
    except ValueError:
        right = False
    if not right or parts.username or re.search(r"\s", text):
        raise ValueError("write an address that begins with https:// and the name of a site")
    return parts
