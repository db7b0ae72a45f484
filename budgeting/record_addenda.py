"""What is added to the record of a count after it was written: notes of two people, numbered.

The record and its kit stay byte for byte. Each addendum names the SHA-256 of the record and of the
addendum before it, so that none can be left out, and is kept as data, as pages and as PDF.
"""

import json
from typing import Any

from django.conf import settings

from home.models import CitySettings

from .canonical_json import canonical_json, sha256_of
from .freezing import moment
from .joint_acts import second_of
from .models import (
    AddendumFile,
    Contest,
    Count,
    JointAct,
    Override,
    RecordAddendum,
    RecordFile,
)
from .override_words import override_document
from .record_addendum_text import addendum_text
from .record_document import is_invented
from .record_rendering import record_page, record_pdf
from .tally.kit_files import ADDENDUM_FORMAT, RECORD
from .texts import in_languages


def add_to_record(*, override: Override, act: JointAct) -> RecordAddendum:
    """Add to the record of a contest that an act made or revoked a note. In the act's transaction.

    The caller holds the round's lock.
    """
    contest = override.contest
    last = RecordAddendum.objects.filter(contest=contest).order_by("-number").first()
    document = canonical_json(_document(override, act, last))
    addendum = RecordAddendum.objects.create(
        contest=contest,
        number=last.number + 1 if last else 1,
        act=act,
        document=document,
        sha256=sha256_of(document),
    )
    plain = addendum_document(addendum)
    for language, _label in settings.LANGUAGES:
        text = addendum_text(plain, language)
        for ending, content in (("html", record_page(text)), ("pdf", record_pdf(text))):
            AddendumFile.objects.create(
                addendum=addendum, name=addendum.file_name(ending, language), content=content
            )
    return addendum


def addendum_document(addendum: RecordAddendum) -> dict[str, Any]:
    """Return the content of an addendum with its own hash, which is not part of it."""
    plain: dict[str, Any] = json.loads(addendum.document)
    return plain | {"sha256": addendum.sha256}


def find_addendum_file(count: Count, name: str) -> bytes | None:
    """Return a file of an addendum to the record of this count's contest, or None."""
    if name.endswith(".json"):
        for addendum in RecordAddendum.objects.filter(contest=count.contest_id):
            if name == addendum.file_name("json"):
                return str(addendum.document).encode()
        return None
    file = AddendumFile.objects.filter(addendum__contest=count.contest_id, name=name).first()
    return None if file is None else bytes(file.content)


def _document(override: Override, act: JointAct, last: RecordAddendum | None) -> dict[str, Any]:
    contest: Contest = override.contest
    round_ = contest.scope.round
    count = Count.objects.filter(contest=contest).order_by("-pk").first()
    record = RecordFile.objects.filter(count=count, name=RECORD).first()
    city = CitySettings.objects.filter(site__is_default_site=True).first()
    project = override.project
    return {
        "format": ADDENDUM_FORMAT,
        "number": last.number + 1 if last else 1,
        "record_sha256": record.sha256 if record else None,
        "previous_sha256": last.sha256 if last else None,
        "city": in_languages(city, "city_name") if city else {},
        "round": {
            "name": in_languages(round_, "name"),
            "slug": round_.slug,
            "is_invented": bool(count and is_invented(count)),
        },
        "contest": {"name": in_languages(contest, "name"), "slug": contest.slug},
        "currency": round_.currency,
        "project": project and {"number": project.number, "title": in_languages(project, "title")},
        "what": "note" if act.pk == override.act_id else "revocation",
        "decision": override_document(override),
        "reason": {"it": act.reason, "en": act.parameters["reason_en"]},
        "requested_as": act.requested_as,
        "requested_at": moment(act.requested_at),
        "confirmed_as": str(second_of(act).signer),
        "confirmed_at": moment(act.decided_at) if act.decided_at else None,
    }
