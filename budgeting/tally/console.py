"""What the console scripts share: their language, their refusals, and readers that go away."""

from __future__ import annotations

import argparse
import os
import re
import signal
import sys
from collections.abc import Callable, Iterable, Sequence

from .language import ITALIAN, LANGUAGES, Catalogue, language_of, speaking, spoken, tell

FAILED = 2
STOPPED = 128 + signal.SIGINT
CLOSED = 128 + signal.SIGPIPE
"""As a shell tells of a program whose reader went away."""

WORDS: Catalogue = {
    "usage": {"en": "usage: ", "it": "uso: "},
    "files": {"en": "what to read", "it": "che cosa leggere"},
    "options": {"en": "options", "it": "opzioni"},
    "error": {"en": "error", "it": "errore"},
    "help": {"en": "show this help and end", "it": "mostra questo aiuto e finisce"},
    "language": {
        "en": "language of what is printed (else that of the terminal)",
        "it": "lingua di quel che viene scritto (altrimenti quella del terminale)",
    },
    "no-file": {"en": "No such file or directory", "it": "Questo file non c’è"},
    "no-permission": {"en": "Permission denied", "it": "Non hai il permesso di leggerlo"},
    "is-folder": {"en": "Is a directory", "it": "È una cartella"},
    "check-name": {
        "en": "Check the name of the file.",
        "it": "Controlla il nome del file.",
    },
}


_ITALIAN_OF_ARGPARSE = (
    (r"the following arguments are required: (.+)", r"manca {0}"),
    (r"unrecognized arguments: (.+)", r"non conosco {0}"),
    (r"argument ([^:]+): (.+)", r"{0}: {1}"),
    (r"expected one argument", r"manca il valore"),
    (r"expected at most one argument", r"al massimo un valore"),
    (r"expected at least one argument", r"manca almeno un valore"),
    (r"invalid choice: (.+) \(choose from (.+)\)", r"{0} non è tra {1}"),
    (r"invalid int value: (.+)", r"{0} non è un numero intero"),
    (r"not allowed with argument (.+)", r"non va insieme a {0}"),
    (r"ignored explicit argument (.+)", r"il valore {0} non serve"),
    (r"ambiguous option: (.+) could match (.+)", r"{0} può voler dire {1}"),
)
"""What Python's reader of options says, which has no Italian of its own."""


def _in_italian(message: str) -> str:
    for pattern, text in _ITALIAN_OF_ARGPARSE:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return text.format(*map(_in_italian, found.groups()))
    return message


class RefusedError(Exception):
    """What went wrong and what to do, for standard error."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.remedy = remedy


def trouble(error: OSError) -> str:
    """Say why a file cannot be read: the usual reasons in the language that is spoken."""
    kinds = {
        FileNotFoundError: "no-file",
        PermissionError: "no-permission",
        IsADirectoryError: "is-folder",
    }
    key = kinds.get(type(error))
    return tell(WORDS, key) if key else error.strerror or str(error)


class Parser(argparse.ArgumentParser):
    """Reads options; says what it says itself in the language that is spoken."""

    def __init__(self, program: str, *, description: str, epilog: str) -> None:
        super().__init__(
            prog=program,
            description=description,
            epilog=epilog,
            formatter_class=_Formatter,
            add_help=False,
        )
        self._positionals.title = tell(WORDS, "files")
        self._optionals.title = tell(WORDS, "options")

    def add_common(self) -> None:
        """Add the options that every script has."""
        self.add_argument("--language", choices=LANGUAGES, help=tell(WORDS, "language"))
        self.add_argument("-h", "--help", action="help", help=tell(WORDS, "help"))

    def error(self, message: str) -> None:  # type: ignore[override]
        """End with the usage and what is wrong with the options."""
        self.print_usage(sys.stderr)
        if spoken() == ITALIAN:
            message = _in_italian(message)
        self.exit(FAILED, f"{self.prog}: {tell(WORDS, 'error')}: {message}\n")


class _Formatter(argparse.HelpFormatter):
    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, prefix or tell(WORDS, "usage"))


def run(program: str, body: Callable[[Sequence[str]], int], arguments: Sequence[str] | None) -> int:
    """Run a console script; gives its exit code.

    Speaks the language of ``--language``, else that of the terminal. A reader that has read enough,
    as `head` does, and Ctrl-C end it without a word.
    """
    given = sys.argv[1:] if arguments is None else arguments
    with speaking(_wanted(program, given)):
        try:
            try:
                return body(given)
            finally:
                sys.stdout.flush()
        except BrokenPipeError:
            # Python must not flush at its end what nobody reads.
            for stream in (sys.stdout, sys.stderr):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
            return CLOSED
        except KeyboardInterrupt:
            return STOPPED


def _wanted(program: str, arguments: Sequence[str]) -> str:
    parser = argparse.ArgumentParser(prog=program, add_help=False)
    parser.add_argument("--language")
    wanted: str | None = parser.parse_known_args(arguments)[0].language
    return wanted or language_of(os.environ)
