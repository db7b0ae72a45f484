"""Stopping a long count from outside: it asks, between its runs, whether to go on.

Whoever starts a count gives a function that raises when the count shall end; the exception goes
through the count to whoever gave it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Check = Callable[[], None]

_CHECK: ContextVar[Check | None] = ContextVar("check", default=None)


@contextmanager
def interruptible(check: Check) -> Iterator[None]:
    """Let what is counted meanwhile call ``check`` again and again; it may raise."""
    token = _CHECK.set(check)
    try:
        yield
    finally:
        _CHECK.reset(token)


def go_on() -> None:
    """Ask whether to go on; called between runs."""
    check = _CHECK.get()
    if check is not None:
        check()
