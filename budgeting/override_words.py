"""Decisions above the rule as data and as sentences: the same in records, pages and downloads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from home.money import format_money

from .freezing import moment
from .models import Override, RecordAddendum
from .texts import in_languages

Document = dict[str, Any]

WITHDRAW = "withdraw"
"""The kind of a project withdrawn before the count, which is an act of its own."""


def override_document(override: Override) -> Document:
    """Give a decision as records and downloads hold it: amounts in hundredths, nobody named."""
    revoking = override.revoked_by
    return {
        "kind": override.kind,
        "when": "before" if override.is_before else "after",
        "project": override.project.code if override.project else "",
        "amount": override.amount,
        "amount_before": override.amount_before,
        "payer": in_languages(override, "payer"),
        "reason": in_languages(override, "reason"),
        "confirmed_at": moment(override.made_at),
        "revoked_at": moment(revoking.decided_at) if revoking and revoking.decided_at else None,
    }


def in_readers_language(texts: Mapping[str, str | None]) -> str:
    """Choose a text in the reader's language, else the Italian one, else any."""
    found = texts.get(get_language() or "") or texts.get("it")
    return str(found or next((text for text in texts.values() if text), ""))


def decision_sentence(document: Mapping[str, Any], currency: str) -> str:
    """Say in one sentence, without the reason, what was decided (`override_document`)."""
    amount, before = (
        "" if document[name] is None else format_money(document[name], currency)
        for name in ("amount", "amount_before")
    )
    match document["kind"]:
        case Override.Kind.COST:
            return _(
                "By decision of two people its cost was changed before the count: from %(before)s "
                "to %(amount)s."
            ) % {"before": before, "amount": amount}
        case Override.Kind.BUDGET:
            return _(
                "By decision of two people the budget was changed before the count: from "
                "%(before)s to %(amount)s."
            ) % {"before": before, "amount": amount}
        case Override.Kind.FUNDED_ELSEWHERE:
            return _("Another fund pays: %(amount)s from %(payer)s. The count stays as it is.") % {
                "amount": amount,
                "payer": in_readers_language(document["payer"]),
            }
        case Override.Kind.WITHDRAWN_AFTERWARDS:
            return _("Withdrawn after the vote. The count stays as it is.")
    return _("Withdrawn before the count.")


@dataclass(frozen=True)
class Decision:
    """A decision as pages show it: a word with an icon, a sentence, the reason, and when."""

    override: Override
    word: str
    icon: str
    sentence: str
    reason: str

    @property
    def is_revoked(self) -> bool:
        """Whether a later act took it back."""
        return self.override.revoked_by_id is not None


ICONS = {
    Override.Kind.COST: "it-pencil",
    Override.Kind.BUDGET: "it-pencil",
    Override.Kind.FUNDED_ELSEWHERE: "it-card",
    Override.Kind.WITHDRAWN_AFTERWARDS: "it-close-circle",
}


def decision(override: Override, currency: str) -> Decision:
    """Put a decision in the reader's language."""
    document = override_document(override)
    return Decision(
        override=override,
        word=str(override.get_kind_display()),
        icon=ICONS[Override.Kind(override.kind)],
        sentence=decision_sentence(document, currency),
        reason=in_readers_language(document["reason"]),
    )


@dataclass(frozen=True)
class AddendumLink:
    """A file of an addendum to a record: its name, how a link calls it, its language if any."""

    name: str
    label: str
    language: str = ""

    @property
    def is_page(self) -> bool:
        """Whether a browser opens it as a page."""
        return self.name.endswith(".html")


def addendum_links(addendum: RecordAddendum) -> list[AddendumLink]:
    """Return the files of an addendum: PDF and page in each language, and the data."""
    values = {"number": addendum.number}
    words = {
        ("pdf", "it"): _("Addendum %(number)s in Italian (PDF)"),
        ("pdf", "en"): _("Addendum %(number)s in English (PDF)"),
        ("html", "it"): _("Addendum %(number)s in Italian, as a page"),
        ("html", "en"): _("Addendum %(number)s in English, as a page"),
    }
    links = [
        AddendumLink(
            addendum.file_name(ending, language), words[ending, language] % values, language
        )
        for ending, language in words
    ]
    data = _("Addendum %(number)s as data (.json)") % values
    return [*links, AddendumLink(addendum.file_name("json"), data)]
