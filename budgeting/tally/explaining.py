"""A count in words for a terminal: one project's story, or every step to do again on paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from .areas import parts_of
from .election import Election
from .figures import figures_of
from .money import nearest
from .outcome import GreedyStep, Outcome, PhragmenStep, SharesStep, Step
from .replaying import detailed
from .rules import Method, ratio
from .sentences import say
from .story import reason, votes, whole_story
from .sufficing import what_would_suffice

LONGEST_FRACTION = 15
"""An exact amount that is no whole number of units is added as a fraction up to this length."""


@dataclass(frozen=True)
class PlainVoice:
    """Amounts and names as a terminal writes them; see :class:`~budgeting.tally.story.Voice`."""

    election: Election
    language: str

    @property
    def vote_type(self) -> str:
        """The ballot type."""
        return self.election.vote_type.value

    @property
    def ballots(self) -> int:
        """Counted ballots."""
        return self.election.num_ballots

    @cached_property
    def _titles(self) -> Mapping[str, str]:
        return {
            project.id: f"{project.name} ({project.id})" if project.name else project.id
            for project in self.election.projects
        }

    def title(self, key: str, /) -> str:
        """Name a project with its id."""
        return self._titles[key]

    def number(self, number: int, /) -> str:
        """Write a whole number with the separators of the language."""
        return f"{number:,}".replace(",", "." if self.language == "it" else ",")

    def money(self, units: int, /) -> str:
        """Write an amount: decimals only where it has any, then the currency."""
        major = 10**self.election.scale
        whole, rest = divmod(abs(units), major)
        text = self.number(whole)
        if rest:
            text += f"{say(self.language, 'decimal-mark')}{rest:0{self.election.scale}d}"
        currency = f" {self.election.currency}" if self.election.currency else ""
        return f"{'−' if units < 0 else ''}{text}{currency}"

    def exact(self, amount: Fraction) -> str:
        """Write an amount, and beside it the fraction of smallest units that it really is."""
        text = self.money(nearest(amount))
        if amount.denominator == 1:
            return text
        fraction = ratio(amount / 10**self.election.scale)
        return f"≈ {text} ({fraction})" if len(fraction) <= LONGEST_FRACTION else f"≈ {text}"

    def counted(self, key: str, number: int) -> str:
        """Write a number of ballots or people."""
        return say(self.language, key, number, number=self.number(number))


def explain(election: Election, outcome: Outcome, project: str, *, language: str = "en") -> str:
    """Tell the story of one project, what would have been enough included.

    Raises KeyError for a project that is not there.
    """
    voice = PlainVoice(election, language)
    told = figures_of(election, outcome)[project]
    found = what_would_suffice(election, outcome, project)
    story = whole_story(told, voice, found, major=10**election.scale)
    parts = [voice.title(project), story.answer, *story.happened]
    if story.enough:
        parts += ["", *story.enough, story.note]
    return "\n".join(parts)


def explain_steps(election: Election, outcome: Outcome, *, language: str = "en") -> str:
    """Tell every step with exact figures, enough to do a small count again on paper."""
    return "\n".join(_Paper(election, detailed(election, outcome), language).lines())


class _Paper:
    def __init__(self, election: Election, outcome: Outcome, language: str) -> None:
        self.election = election
        self.outcome = outcome
        self.language = language
        self.voice = PlainVoice(election, language)
        self.left = outcome.budget
        self.times = [Fraction(0)]

    def lines(self) -> Iterator[str]:
        if self.outcome.areas:
            for part, told in parts_of(self.election, self.outcome):
                area = part.name or say(self.language, "city-wide")
                yield self._say("paper-area", area=area, budget=self.voice.money(told.budget))
                yield from _Paper(part.election, told, self.language).lines()
                yield ""
            return
        yield self._say(
            "paper-budget",
            projects=self.voice.counted("projects", len(self.election.projects)),
            ballots=self.voice.counted("ballots", self.outcome.ballots),
            budget=self.voice.money(self.outcome.budget),
        )
        yield self._beginning()
        for order, step in enumerate(self.outcome.trace, start=1):
            yield from self._step(order, step)
        figures = figures_of(self.election, self.outcome)
        for item in self.outcome.not_funded:
            title = self.voice.title(item.project)
            why = reason(figures[item.project], self.voice)
            yield self._say("paper-not-funded", title=title, reason=why)

    def _say(self, key: str, number: int | None = None, /, **figures: str) -> str:
        return say(self.language, key, number, **figures)

    def _beginning(self) -> str:
        scan = self.outcome.scan
        if any(isinstance(step, SharesStep) for step in self.outcome.trace) and scan is not None:
            return self._say("paper-shares", per_ballot=self.voice.exact(scan.per_ballot))
        if self.outcome.rule.method is Method.PHRAGMEN:
            return self._say("paper-flow")
        return self._say("paper-order")

    def _step(self, order: int, step: Step) -> Iterator[str]:
        before = self.left
        self.left -= step.cost
        values = {
            "order": str(order),
            "title": self.voice.title(step.project),
            "cost": self.voice.money(step.cost),
        }
        if step.tie is not None:
            titles = ", ".join(self.voice.title(name) for name in step.tie.projects)
            decided_by = self._say(f"tie-{step.tie.decided_by}")
            tie = [self._say("paper-tie", titles=titles, decided_by=decided_by)]
        else:
            tie = []
        if isinstance(step, GreedyStep):
            lines = self._greedy(step, before, values)
        elif isinstance(step, PhragmenStep):
            lines = self._flow(step, values)
        else:
            lines = self._shares(step, values)
        yield next(lines)
        yield from tie
        yield from lines

    def _passed(self, names: tuple[str, ...]) -> Iterator[str]:
        if names:
            titles = ", ".join(self.voice.title(name) for name in names)
            yield self._say("paper-passed", titles=titles)

    def _greedy(self, step: GreedyStep, before: int, values: dict[str, str]) -> Iterator[str]:
        yield self._say(
            "paper-partial-step" if step.partial else "paper-greedy-step",
            votes=votes(step.votes, self.voice),
            before=self.voice.money(before),
            left=self.voice.money(self.left),
            **values,
        )
        yield from self._passed(step.passed)

    def _shares(self, step: SharesStep, values: dict[str, str]) -> Iterator[str]:
        voice = self.voice
        if not step.payment:
            yield self._say("paper-free-step", **values)
            return
        supporters = voice.counted("people", step.supporters)
        rho = ratio(step.rho)
        yield self._say("paper-shares-step", rho=rho, supporters=supporters, **values)
        for payer in step.payers:
            yield self._say(
                "paper-payers",
                payer.ballots,
                ballots=voice.counted("ballots", payer.ballots),
                owned=voice.exact(payer.owned),
                paid=voice.exact(payer.paid),
            )
        if not step.payers:
            yield self._say(
                "paper-pays-at-most" if step.capped else "paper-pays-in-full",
                step.capped,
                payment=voice.exact(step.payment),
                capped=voice.counted("ballots", step.capped),
            )
        if step.runner_up is not None:
            title = voice.title(step.runner_up.project)
            yield self._say("paper-runner-up", title=title, figure=ratio(step.runner_up.figure))
        for dropped in step.dropped:
            title = voice.title(dropped.project)
            yield self._say("paper-dropped", title=title, had=voice.exact(dropped.had))

    def _flow(self, step: PhragmenStep, values: dict[str, str]) -> Iterator[str]:
        voice = self.voice
        supporters = voice.counted("people", step.votes)
        time = voice.exact(step.time)
        yield self._say("paper-flow-step", time=time, supporters=supporters, **values)
        for saver in step.savers:
            ballots = voice.counted("ballots", saver.ballots)
            paid = voice.exact(step.time - self.times[saver.since])
            yield self._say("paper-savers", ballots=ballots, paid=paid)
        self.times.append(step.time)
        yield from self._passed(step.passed)
        if step.runner_up is not None:
            title = voice.title(step.runner_up.project)
            figure = voice.exact(step.runner_up.figure)
            yield self._say("paper-runner-up", title=title, figure=figure)
