"""What a round still lacks before its vote can be opened, in sentences, and where to mend it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from home.dates import format_day_and_time
from home.money import format_money

from .models import Contest, Phase, Project, Round, Scope
from .moving_money import city_wide
from .phases import database_clock
from .tally.phragmen import BALLOT_TYPES
from .tally.rules import Areas, Method, Rule, RuleError
from .texts import in_language

BEFORE_THE_BALLOT = (Phase.Kind.PROPOSE, Phase.Kind.SUPPORT, Phase.Kind.REVIEW)


@dataclass(frozen=True)
class Finding:
    """One thing to mend (`blocks`) or to think about; `step` names the page of the admin."""

    message: str | Promise
    step: str
    arguments: tuple[Any, ...] = ()
    blocks: bool = True


def findings(round: Round) -> list[Finding]:
    """Return everything found, what blocks first; nothing that blocks means the vote can open."""
    found = [*_texts(round), *_roll(round), *_phases(round), *_scopes(round), *_projects(round)]
    return sorted(found, key=lambda finding: not finding.blocks)


def _texts(round: Round) -> Iterator[Finding]:
    here = ("rules", (round.pk,))
    if not in_language(round, "who_may_vote", "it"):
        yield Finding(_("Who may vote is not written."), *here)
    if not in_language(round, "tie_procedure", "it"):
        yield Finding(_("The tie procedure is empty: say which lottery decides, and when."), *here)
    missing = [
        name
        for name in ("name", "who_may_vote", "tie_procedure")
        if in_language(round, name, "it") and not in_language(round, name, "en")
    ]
    if missing:
        yield Finding(_("Some texts of the rules have no English version."), *here, blocks=False)
    if not round.is_public:
        yield Finding(_("The round is not shown on the site."), *here)


def _roll(round: Round) -> Iterator[Finding]:
    here = ("rules", (round.pk,))
    if round.roll is None:
        yield Finding(_("No voter roll has been chosen."), *here)
    elif not round.roll.entries.exists():
        yield Finding(
            _("The voter roll “%(roll)s” has nobody on it.") % {"roll": round.roll}, *here
        )
    elif round.roll.doubts.filter(settled_at=None).exists():
        yield Finding(
            _("Some doubts about the voter roll “%(roll)s” are not settled.")
            % {"roll": round.roll},
            *here,
            blocks=False,
        )


def _phases(round: Round) -> Iterator[Finding]:
    here = ("phases", (round.pk,))
    vote = round.phases.filter(kind=Phase.Kind.VOTE).first()
    if vote is None:
        yield Finding(_("The vote has no dates."), *here)
    elif vote.ends_at <= database_clock():
        yield Finding(
            _("The vote ended on %(end)s: write dates that are still to come.")
            % {"end": format_day_and_time(vote.ends_at)},
            *here,
        )
    # The opening freezes what these phases are about.
    running = round.phases.filter(kind__in=BEFORE_THE_BALLOT, ends_at__gt=database_clock())
    for phase in running.order_by("starts_at"):
        yield Finding(
            _("“%(phase)s” lasts until %(end)s: the vote can be opened after it.")
            % {"phase": phase, "end": format_day_and_time(phase.ends_at)},
            *here,
        )
    if round.holds.filter(lifted_at__isnull=True).exists():
        yield Finding(_("The round is on hold: lift the hold first."), "round", (round.pk,))


def _scopes(round: Round) -> Iterator[Finding]:
    scopes = list(round.scopes.prefetch_related("contests"))
    if not scopes:
        yield Finding(_("There is no contest yet."), "scope_add", (round.pk,))
    for scope in scopes:
        here = ("scope", (round.pk, scope.pk))
        name = {"scope": scope.name}
        if not scope.contests.all():
            yield Finding(_("“%(scope)s” has no contest.") % name, *here)
        try:
            rule = Rule.from_json(scope.award_rule)
        except RuleError:
            yield Finding(_("The award rule of “%(scope)s” is not complete.") % name, *here)
        else:
            if rule.method is Method.PHRAGMEN and scope.vote_type not in BALLOT_TYPES:
                yield Finding(
                    _("The award rule of “%(scope)s” is not defined for its ballots.") % name,
                    *here,
                )
            if rule.areas is Areas.CITY and city_wide(scope) is None:
                yield Finding(
                    _(
                        "What “%(scope)s” leaves goes to the city-wide contest, but there is not "
                        "exactly one."
                    )
                    % name,
                    *here,
                )
        yield from _ballot(scope, here)


def _ballot(scope: Scope, here: tuple[str, tuple[Any, ...]]) -> Iterator[Finding]:
    smallest = min(
        (contest.projects.count() for contest in scope.contests.all()),
        default=0,
    )
    if 0 < smallest < scope.min_length:
        yield Finding(
            _("A ballot of “%(scope)s” asks for more projects than a contest has.")
            % {"scope": scope.name},
            *here,
        )


def _projects(round: Round) -> Iterator[Finding]:
    here = ("projects", (round.pk,))
    for contest in Contest.objects.filter(scope__round=round).exclude(
        Q(projects__state=Project.State.STANDING)
    ):
        yield Finding(_("There is no project in “%(contest)s”.") % {"contest": contest}, *here)
    too_dear = Project.objects.filter(round=round, cost__gt=F("contest__budget")).select_related(
        "contest"
    )
    for project in too_dear:
        yield Finding(
            _("“%(project)s” costs %(cost)s, more than the %(budget)s of “%(contest)s”.")
            % {
                "project": project,
                "cost": format_money(project.cost, round.currency),
                "budget": format_money(project.contest.budget, round.currency),
                "contest": project.contest,
            },
            "project",
            (round.pk, project.pk),
            blocks=False,
        )
    if Project.objects.filter(round=round, cost=0).exists():
        yield Finding(_("Some projects cost nothing."), *here, blocks=False)
