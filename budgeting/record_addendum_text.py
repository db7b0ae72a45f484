"""An addendum to a record in words: what two people decided, and the record it is added to."""

from datetime import datetime

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from home.dates import format_moment

from .models import JointAct, Override
from .override_words import decision_sentence, in_readers_language
from .record_document import Document
from .record_text import Block, Cell, RecordText, Section

NOTE = "note"
"""What an addendum says that makes a note; the others revoke one."""


def addendum_text(document: Document, language: str) -> RecordText:
    """Put an addendum (with its own `sha256`) in words in one language."""
    with override(language):
        title = _("Addendum %(number)s to the record of the count") % {"number": document["number"]}
        names = [document["round"]["name"], document["contest"]["name"]]
        return RecordText(
            language=language,
            title=title,
            subtitle=" – ".join(map(in_readers_language, names)),
            city=in_readers_language(document["city"]),
            about=in_readers_language(document["city"]),
            sections=(
                Section(_("What this is"), tuple(_about(document))),
                Section(_("The decision"), (_decision(document),)),
                Section(_("What it is added to"), (_added_to(document),)),
                Section(_("Signatures"), (_signatures(),)),
            ),
        )


def _about(document: Document) -> list[Block]:
    texts = [
        _(
            "Two people have decided above the rule, after the count. The outcome of the count "
            "stays, and its record and recount kit are unchanged: this document is added to them."
        )
    ]
    if document["what"] != NOTE:
        texts.append(_("It revokes a note that an earlier addendum made."))
    if document["round"]["is_invented"]:
        texts.insert(0, _("This vote is invented: it shows how the site works."))
    return [Block("paragraph", text) for text in texts]


def _decision(document: Document) -> Block:
    decision, is_note = document["decision"], document["what"] == NOTE
    facts: list[tuple[str, str | Cell]] = []
    if project := document["project"]:
        title = in_readers_language(project["title"])
        facts.append((_("Project"), f"{project['number']}. {title}"))
    word = str(Override.Kind(decision["kind"]).label)
    facts.append((_("Note") if is_note else _("Note revoked"), word))
    facts.append((_("In words"), decision_sentence(decision, document["currency"])))
    if not is_note:
        facts.append((_("Reason of the note"), in_readers_language(decision["reason"])))
    facts += [
        (_("Reason"), in_readers_language(document["reason"])),
        (_("Asked for"), _signed(document, "requested")),
        (_("Confirmed"), _signed(document, "confirmed")),
    ]
    return _facts(facts)


def _signed(document: Document, what: str) -> str:
    when = localtime(datetime.fromisoformat(document[f"{what}_at"]))
    role = JointAct.Signer(document[f"{what}_as"]).label
    return f"{format_moment(when)}, {role}"


def _added_to(document: Document) -> Block:
    facts: list[tuple[str, str | Cell]] = [
        (label, Cell(document[name], code=True))
        for label, name in (
            (_("Record of the count, SHA-256"), "record_sha256"),
            (_("Addendum before this one, SHA-256"), "previous_sha256"),
            (_("This addendum as data, SHA-256"), "sha256"),
        )
        if document[name]
    ]
    return _facts(facts)


def _facts(facts: list[tuple[str, str | Cell]]) -> Block:
    cells = ((Cell(label), text) for label, text in facts)
    return Block(
        "facts",
        rows=tuple(
            (label, text if isinstance(text, Cell) else Cell(text)) for label, text in cells
        ),
    )


def _signatures() -> Block:
    return Block(
        "signatures",
        columns=(_("Role"), _("Name and surname"), _("Signature")),
        rows=((Cell(_("Coordinator")),), (Cell(_("Guarantor")),)),
    )
