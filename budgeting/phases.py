"""The dated phases of a round: which one it is now, and what may be done in it.

The database's clock decides. Phases are half-open: a phase lasts from its start until just before
its end. While a hold is on, nothing that people do may be done.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from home.dates import format_day_and_time
from home.errors import DomainError, NotAllowedError
from residents.models import User

from .models import Phase, Round

Kind = Phase.Kind


COORDINATE = "budgeting.coordinate_round"


class Feature(StrEnum):
    """What people do in a round."""

    PROPOSE = "propose"
    SUPPORT = "support"
    COMMENT = "comment"
    REVIEW = "review"
    ADMIT = "admit"
    VOTE = "vote"


FEATURES: Mapping[str, frozenset[Feature]] = {
    Kind.PREPARE: frozenset(),
    Kind.PROPOSE: frozenset({Feature.PROPOSE, Feature.COMMENT}),
    Kind.SUPPORT: frozenset({Feature.SUPPORT, Feature.COMMENT}),
    Kind.REVIEW: frozenset({Feature.REVIEW, Feature.COMMENT}),
    Kind.ADMIT: frozenset({Feature.ADMIT}),
    Kind.VOTE: frozenset({Feature.VOTE}),
    Kind.AWARD: frozenset(),
    Kind.DELIVER: frozenset(),
}

# The order of a round; a round may leave phases out.
ORDER = (
    Kind.PREPARE,
    Kind.PROPOSE,
    Kind.SUPPORT,
    Kind.REVIEW,
    Kind.ADMIT,
    Kind.VOTE,
    Kind.AWARD,
    Kind.DELIVER,
)
# These come after the frozen rules have done their work: their dates may still move.
AFTER_THE_VOTE = frozenset({Kind.AWARD, Kind.DELIVER})


class PhaseError(DomainError):
    """A date that cannot be; `field` is the phase's kind and the end it is about."""


@dataclass(frozen=True)
class Dates:
    """When a phase lasts."""

    starts_at: datetime
    ends_at: datetime


def require_right(by: User) -> None:
    """Raise NotAllowedError unless the person may lead rounds, as the database says now."""
    if not User.objects.get(pk=by.pk).has_perm(COORDINATE):
        raise NotAllowedError(_("Only a coordinator can do this."))


def database_clock() -> datetime:
    """Return the database's present moment, which moves on inside a transaction too."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def phase_at(phases: Collection[Phase], moment: datetime) -> Phase | None:
    """Return the phase that holds a moment; None before, between and after phases."""
    return next((phase for phase in phases if phase.starts_at <= moment < phase.ends_at), None)


def next_phase(phases: Collection[Phase], moment: datetime) -> Phase | None:
    """Return the first phase that begins after a moment."""
    later = [phase for phase in phases if phase.starts_at > moment]
    return min(later, key=lambda phase: phase.starts_at, default=None)


def may(round: Round, feature: Feature) -> bool:
    """Say whether people may now do this in this round.

    Reads the round's stored state, phases and hold anew. Voting also needs a round that two people
    have opened; nothing else is possible in a round not yet shown on the site.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT r.state, r.is_public, p.kind
              FROM budgeting_round r
              JOIN budgeting_phase p ON p.round_id = r.id
               AND p.starts_at <= clock_timestamp() AND clock_timestamp() < p.ends_at
             WHERE r.id = %s
               AND NOT EXISTS (
                   SELECT FROM budgeting_hold h WHERE h.round_id = r.id AND h.lifted_at IS NULL)
            """,
            [round.pk],
        )
        row = cursor.fetchone()
    if row is None:
        return False
    state, is_public, kind = row
    if feature is Feature.VOTE:
        return state == Round.State.OPEN and feature in FEATURES[kind]
    return is_public and state == Round.State.PREPARATION and feature in FEATURES[kind]


def check_dates(dates: Mapping[str, Dates]) -> list[PhaseError]:
    """Return everything wrong with the dates of a round, by phase, each with its field."""
    problems: list[PhaseError] = []
    before: tuple[str, Dates] | None = None
    for kind in ORDER:
        if kind not in dates:
            continue
        mine = dates[kind]
        if mine.ends_at <= mine.starts_at:
            problems.append(
                PhaseError(
                    _("The end must come after the start (%(start)s).")
                    % {"start": format_day_and_time(mine.starts_at)},
                    field=f"{kind}_ends_at",
                )
            )
        if before is not None and mine.starts_at < before[1].ends_at:
            problems.append(
                PhaseError(
                    _("This phase begins before “%(phase)s” ends (%(end)s).")
                    % {
                        "phase": Kind(before[0]).label,
                        "end": format_day_and_time(before[1].ends_at),
                    },
                    field=f"{kind}_starts_at",
                )
            )
        before = (kind, mine)
    return problems


@transaction.atomic
def set_dates(*, round: Round, dates: Mapping[str, Dates], by: User) -> None:
    """Write the phases of a round; a kind that is missing from `dates` is no phase of the round.

    In preparation every date may change, except that one which people have read on the site and
    which has passed stays. From the opening on only what follows the vote may move; the close of
    the vote has its own way (`extension`). Raises the first PhaseError, NotAllowedError.
    """
    require_right(by)
    round = Round.objects.select_for_update().get(pk=round.pk)
    stored = {phase.kind: phase for phase in round.phases.all()}
    problems = check_dates(dates) or _check_moves(round, stored, dates)
    if problems:
        raise problems[0]
    changed = {
        kind: when
        for kind, when in dates.items()
        if kind not in stored
        or (stored[kind].starts_at, stored[kind].ends_at) != (when.starts_at, when.ends_at)
    }
    removed = [kind for kind in stored if kind not in dates]
    if not changed and not removed:
        return
    with connection.cursor() as cursor:
        # Neighbours may change places: only how they end up must hold.
        cursor.execute("SET CONSTRAINTS budgeting_phase_no_overlap DEFERRED")
    round.phases.filter(kind__in=removed).delete()
    for kind, when in changed.items():
        if kind in stored:
            round.phases.filter(kind=kind).update(starts_at=when.starts_at, ends_at=when.ends_at)
        else:
            round.phases.create(kind=kind, starts_at=when.starts_at, ends_at=when.ends_at)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS budgeting_phase_no_overlap IMMEDIATE")
    log(
        instance=round,
        action="budgeting.phases.set",
        user=by,
        data={
            "changed": {
                kind: {"before": _plain(stored.get(kind)), "after": _plain(when)}
                for kind, when in changed.items()
            },
            "removed": removed,
        },
    )


def problems_of(round: Round, dates: Mapping[str, Dates]) -> list[PhaseError]:
    """Return all that keeps these dates from being written, each with its field."""
    stored = {phase.kind: phase for phase in round.phases.all()}
    return check_dates(dates) + _check_moves(round, stored, dates)


def _check_moves(
    round: Round, stored: Mapping[str, Phase], dates: Mapping[str, Dates]
) -> list[PhaseError]:
    now = database_clock()
    problems = []
    for kind, phase in stored.items():
        for end in ("starts_at", "ends_at"):
            before: datetime = getattr(phase, end)
            after: datetime | None = getattr(dates[kind], end) if kind in dates else None
            if after == before:
                continue
            if round.state != Round.State.PREPARATION and kind not in AFTER_THE_VOTE:
                message = str(_("Since the opening of the vote this date no longer changes."))
            elif round.is_public and before <= now:
                message = _("This date (%(date)s) has passed and people relied on it.") % {
                    "date": format_day_and_time(before)
                }
            elif round.is_public and after is not None and after <= now:
                message = str(_("This moment has passed: write one that is still to come."))
            else:
                continue
            problems.append(PhaseError(message, field=f"{kind}_{end}"))
    if round.state != Round.State.PREPARATION:
        problems += [
            PhaseError(
                _("Since the opening of the vote no phase can be added."), field=f"{kind}_starts_at"
            )
            for kind in dates
            if kind not in stored
        ]
    return problems


def _plain(dates: Phase | Dates | None) -> list[str] | None:
    return [dates.starts_at.isoformat(), dates.ends_at.isoformat()] if dates else None
