"""What the public pages of rounds show, gathered in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import (
    BigIntegerField,
    DateTimeField,
    F,
    Func,
    JSONField,
    Q,
)
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from home.dates import format_end, format_start
from home.money import format_number

from .disclosure import SMALLEST
from .models import Contest, Hold, Phase, Round, Scope
from .phases import next_phase, phase_at
from .rule_sentences import award_sentences, ballot_sentence
from .worked_example import Example, worked_example


class ClockTimestamp(Func):
    """The database's present moment."""

    template = "clock_timestamp()"
    output_field = DateTimeField()


@dataclass(frozen=True)
class TimelineStep:
    """A phase on the timeline, in the form of components/stepper.html."""

    label: str
    state: str
    detail: str


@dataclass(frozen=True)
class FrozenDocument:
    """What the page says of a frozen document; the document itself is long."""

    number: int
    sha256: str
    frozen_at: datetime

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "FrozenDocument":
        """Read what the database put together."""
        return cls(data["number"], data["sha256"], datetime.fromisoformat(data["frozen_at"]))


# In SQL: as queries of Django, or fetched beside the rounds, they take longer to put together than
# to run. They stand in the order of their models.
_PHASES = """
(SELECT jsonb_agg(jsonb_build_object('kind', kind, 'starts_at', starts_at, 'ends_at', ends_at)
                  ORDER BY starts_at)
   FROM budgeting_phase WHERE round_id = budgeting_round.id)
"""
_HOLDS = """
(SELECT jsonb_agg(jsonb_build_object('reason_it', reason_it, 'reason_en', reason_en,
                                     'placed_at', placed_at, 'lifted_at', lifted_at)
                  ORDER BY placed_at DESC)
   FROM budgeting_hold WHERE round_id = budgeting_round.id)
"""
_MONEY = """
(SELECT coalesce(sum(contest.budget), 0)
   FROM budgeting_contest contest JOIN budgeting_scope scope ON scope.id = contest.scope_id
  WHERE scope.round_id = budgeting_round.id)
"""
# Of the published counts. Where one has less than ten ballots none is told: the difference to a
# sum known from elsewhere would tell it.
_COUNTED = f"""
(SELECT CASE WHEN min(count.ballots) >= {SMALLEST} THEN sum(count.ballots) END
   FROM budgeting_count count
   JOIN budgeting_contest contest ON contest.id = count.contest_id
   JOIN budgeting_scope scope ON scope.id = contest.scope_id
  WHERE scope.round_id = budgeting_round.id AND count.published_at IS NOT NULL)
"""  # noqa: S608  a constant
_PROJECTS = "(SELECT count(*) FROM budgeting_project WHERE round_id = budgeting_round.id)"
_STANDING = """
(SELECT count(*) FROM budgeting_project
  WHERE contest_id = budgeting_contest.id AND state = 'standing')
"""
# At the last checkpoint.
_IN_THE_BOX = """
(SELECT count FROM budgeting_checkpoint WHERE round_id = budgeting_round.id
  ORDER BY number DESC LIMIT 1)
"""
_FROZEN = """
(SELECT jsonb_agg(jsonb_build_object('number', number, 'sha256', sha256, 'frozen_at', frozen_at)
                  ORDER BY number)
   FROM budgeting_frozenrules WHERE round_id = budgeting_round.id)
"""


def with_dates(rounds: Any) -> Any:
    """Let the rounds bring their phases and holds with them: `phases_of` and `holds_of`."""
    return rounds.annotate(
        phases_read=RawSQL(_PHASES, [], JSONField()),  # noqa: S611
        holds_read=RawSQL(_HOLDS, [], JSONField()),  # noqa: S611
    )


def phases_of(round: Any) -> list[Phase]:
    """Return the phases that came with a round, in their order."""
    return [
        Phase(
            kind=phase["kind"],
            starts_at=datetime.fromisoformat(phase["starts_at"]),
            ends_at=datetime.fromisoformat(phase["ends_at"]),
        )
        for phase in round.phases_read or []
    ]


def holds_of(round: Any) -> list[Hold]:
    """Return the holds that came with a round, the last one first."""
    return [
        Hold(
            reason_it=hold["reason_it"],
            reason_en=hold["reason_en"],
            placed_at=datetime.fromisoformat(hold["placed_at"]),
            lifted_at=hold["lifted_at"] and datetime.fromisoformat(hold["lifted_at"]),
        )
        for hold in round.holds_read or []
    ]


@dataclass
class RoundPage:
    """Everything about one round that its page shows; `now` is the database's clock."""

    round: Round
    now: datetime
    phases: Sequence[Phase]
    holds: Sequence[Any]
    contests: Sequence[Contest]
    frozen: Sequence[FrozenDocument]
    scopes: Sequence[Scope] = field(default_factory=list)
    ballots_in_the_box: int | None = None
    ballots_counted: int | None = None

    @property
    def hold(self) -> Any:
        """The hold that is on, if any."""
        return next((hold for hold in self.holds if hold.lifted_at is None), None)

    @cached_property
    def current_phase(self) -> Phase | None:
        """The phase of this moment."""
        return phase_at(self.phases, self.now)

    @property
    def total(self) -> int:
        """The money at stake in all contests, in hundredths."""
        return sum(contest.budget for contest in self.contests)

    @property
    def number_of_projects(self) -> int:
        """How many projects stand on the ballot."""
        return sum(contest.number_of_projects for contest in self.contests)  # type: ignore[attr-defined]

    @property
    def largest_budget(self) -> int:
        """The longest bar."""
        return max((contest.budget for contest in self.contests), default=0)

    @cached_property
    def timeline(self) -> list[TimelineStep]:
        """Return the phases with what is done, what is now and what is to come."""
        steps = []
        for phase in self.phases:
            if phase.ends_at <= self.now:
                state = "done"
            else:
                state = "current" if phase.starts_at <= self.now else "next"
            dates = _("from %(start)s to %(end)s") % {
                "start": format_start(phase.starts_at),
                "end": format_end(phase.ends_at),
            }
            steps.append(TimelineStep(str(Phase.Kind(phase.kind).label), state, dates))
        return steps

    def what_you_can_do(self) -> str:
        """Say in a sentence what can be done today, and until when."""
        if self.round.is_from_elsewhere:
            return _("This vote is over: here you can read its result, counted again by us.")
        if self.hold is not None:
            return _("The round is on hold: for now nothing can be done.")
        done = {
            Round.State.CLOSED: _("The vote is closed. The ballots are about to be counted."),
            Round.State.SEALED: _("The box is sealed. The ballots are about to be counted."),
            Round.State.COUNTED: _("The ballots are counted. The result is about to be published."),
            Round.State.PUBLISHED: _("The result is out: read which projects are funded, and why."),
        }
        if self.round.state in done:
            return done[Round.State(self.round.state)]
        phase = self.current_phase
        if phase is None or phase.kind in (Phase.Kind.PREPARE, Phase.Kind.ADMIT):
            return self._what_comes()
        return self._what_is_possible(phase)

    def _what_is_possible(self, phase: Phase) -> str:
        until = {"end": format_end(phase.ends_at)}
        if phase.kind == Phase.Kind.VOTE and self.round.state != Round.State.OPEN:
            return _("The vote is about to be opened. Meanwhile read the projects.")
        sentences = {
            Phase.Kind.PROPOSE: _("People are proposing, until %(end)s."),
            Phase.Kind.SUPPORT: _("People are supporting and discussing proposals, until %(end)s."),
            Phase.Kind.REVIEW: _("The offices check what is feasible, until %(end)s."),
            Phase.Kind.VOTE: _("The city is voting, until %(end)s."),
            Phase.Kind.AWARD: _("The ballots are being counted, until %(end)s."),
            Phase.Kind.DELIVER: _("The funded projects are being built."),
        }
        return sentences[Phase.Kind(phase.kind)] % until

    def _what_comes(self) -> str:
        coming = next_phase(self.phases, self.now)
        if coming is None:
            return _("The dates will be published here.")
        sentences = {
            Phase.Kind.PROPOSE: _("You will be able to propose from %(start)s."),
            Phase.Kind.VOTE: _("You will be able to vote from %(start)s. Read the projects now."),
        }
        sentence = sentences.get(Phase.Kind(coming.kind), _("Next: %(phase)s, from %(start)s."))
        return sentence % {"phase": coming, "start": format_start(coming.starts_at)}

    def ballots(self) -> list[tuple[Scope, str]]:
        """Return for each scope how one votes in it."""
        return [(scope, ballot_sentence(scope)) for scope in self.scopes]

    def award_rules(self) -> list[tuple[str, list[str], Example | None]]:
        """Return how the money goes: the scopes' names, sentences, and the worked example.

        Scopes with the same sentences stand together.
        """
        same: dict[tuple[str, ...], list[Scope]] = {}
        for scope in self.scopes:
            same.setdefault(tuple(award_sentences(scope)), []).append(scope)
        return [
            (
                ", ".join(scope.name for scope in scopes) if len(same) > 1 else "",
                list(sentences),
                worked_example(scopes[0].award_rule, self.round.currency),
            )
            for sentences, scopes in same.items()
        ]

    def figures(self) -> list[str]:
        """Return the numbers so far, in words."""
        projects = self.number_of_projects
        figures = [
            ngettext(
                "%(number)s project on the ballot", "%(number)s projects on the ballot", projects
            )
            % {"number": format_number(projects)}
        ]
        if self.ballots_counted:
            figures.append(self._counted(self.ballots_counted))
        elif self.ballots_in_the_box is not None:
            ballots = self.ballots_in_the_box
            figures.append(
                ngettext(
                    "%(number)s ballot in the box at the last checkpoint, changed ones included",
                    "%(number)s ballots in the box at the last checkpoint, changed ones included",
                    ballots,
                )
                % {"number": format_number(ballots)}
            )
        return figures

    def _counted(self, ballots: int) -> str:
        if len(self.contests) > 1:
            sentence = ngettext(
                "%(number)s ballot counted, in all contests together",
                "%(number)s ballots counted, in all contests together",
                ballots,
            )
        else:
            sentence = ngettext("%(number)s ballot counted", "%(number)s ballots counted", ballots)
        return sentence % {"number": format_number(ballots)}


def load_round_page(*, slug: str, visible: Any) -> RoundPage:
    """Gather a round's page from those visible to the reader; raise Round.DoesNotExist.

    Three queries, whatever the number of contests and projects.
    """
    round = (
        with_dates(visible)
        .annotate(
            now=ClockTimestamp(),
            in_the_box=RawSQL(_IN_THE_BOX, [], BigIntegerField()),  # noqa: S611
            counted=RawSQL(_COUNTED, [], BigIntegerField()),  # noqa: S611
            frozen_read=RawSQL(_FROZEN, [], JSONField()),  # noqa: S611
        )
        .get(slug=slug)
    )
    return RoundPage(
        round=round,
        now=round.now,
        phases=phases_of(round),
        holds=holds_of(round),
        contests=list(
            contests_of(round).annotate(
                number_of_projects=RawSQL(_STANDING, [], BigIntegerField())  # noqa: S611
            )
        ),
        frozen=[FrozenDocument.from_json(data) for data in round.frozen_read or []],
        scopes=list(round.scopes.order_by("position", "pk")),
        ballots_in_the_box=round.in_the_box,
        ballots_counted=round.counted,
    )


def contests_of(round: Round) -> Any:
    """Return the contests of a round in the order of the ballot."""
    contests = Contest.objects.filter(scope__round=round)
    return contests.order_by("scope__position", "scope_id", "position", "pk")


def rounds_for_list(visible: Any) -> Any:
    """Return rounds for the list, with money, projects, phases and holds.

    The city's own come first, and among them those still under way.
    """
    return (
        with_dates(visible)
        .annotate(
            total=RawSQL(_MONEY, [], BigIntegerField()),  # noqa: S611
            number_of_projects=RawSQL(_PROJECTS, [], BigIntegerField()),  # noqa: S611
            now=ClockTimestamp(),
            is_over=Q(state=Round.State.PUBLISHED),
        )
        .order_by(F("place").asc(), "is_over", "-created_at", "-pk")
    )
