"""One project's story: funded in which step and by whose money; or not, and what it had taken.

Everything here turns figures into sentences; nothing is decided. The site and the command line
differ only in how they write amounts (:class:`Voice`), so both tell the same story in the same
words. What the figures are is said in :mod:`budgeting.tally.figures`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from .money import tenths
from .outcome import Reason
from .sentences import say
from .sufficing import Sufficing

FUNDED = "funded"
"""Stands beside the reasons of projects that are not funded."""

POINTS = ("cumulative", "scoring", "ordinal")
"""The ballots by which projects collect points rather than votes."""


class Told(Protocol):
    """What is known of the project: its cost and figures in smallest units, ``reason`` or funded.

    ``votes`` are votes or points, ``supporters`` the ballots that name it, ``order_funded`` the
    step that funded it.
    """

    @property
    def cost(self) -> int: ...
    @property
    def reason(self) -> str: ...
    @property
    def figures(self) -> Mapping[str, Any]: ...
    @property
    def order_funded(self) -> int | None: ...
    @property
    def votes(self) -> int: ...
    @property
    def supporters(self) -> int: ...


class Teller(Protocol):
    """Whoever writes amounts."""

    def money(self, units: int, /) -> str: ...


class Voice(Teller, Protocol):
    """How a teller writes amounts, numbers and the names of other projects; and the election."""

    @property
    def language(self) -> str: ...
    @property
    def vote_type(self) -> str: ...
    @property
    def ballots(self) -> int: ...
    def number(self, number: int, /) -> str: ...
    def title(self, key: Any, /) -> str: ...


LEFT_OUT = (Reason.BELOW_MINIMUM, Reason.NOT_ELIGIBLE)
"""Reasons for which too few votes kept a project out of the count."""


@dataclass(frozen=True)
class Story:
    """All sentences about one project: what happened, and what would have changed it.

    ``note`` says how the latter was found.
    """

    answer: str
    happened: tuple[str, ...]
    enough: tuple[str, ...]
    note: str = ""


def answer(*, funded: bool, language: str) -> str:
    """Answer "was it funded?"."""
    return say(language, "yes" if funded else "no")


def reason(told: Told, voice: Voice) -> str:
    """Say in one sentence why the project is funded or not."""
    figures, money, language = told.figures, voice.money, voice.language
    match told.reason:
        case "funded":
            return _why_funded(told, voice)
        case Reason.BELOW_MINIMUM | Reason.NOT_ELIGIBLE:
            needed = figures["needed"]
            return say(
                language,
                told.reason,
                needed,
                votes=votes(told.votes, voice),
                needed=voice.number(needed),
            )
        case Reason.DID_NOT_FIT:
            return say(
                language,
                told.reason,
                remaining=money(figures["remaining"]),
                missing=money(figures["missing"]),
            )
        case Reason.STOPPED:
            return say(language, told.reason, other=voice.title(figures["after"]))
        case Reason.MONEY_SHORT:
            return say(
                language,
                told.reason,
                had=amount(figures, "had", voice),
                missing=amount(figures, "missing", voice),
            )
        case Reason.RIVAL_FUNDED:
            return say(language, told.reason, other=voice.title(figures["rival"]))
    return say(language, Reason(told.reason).value)


def _why_funded(told: Told, voice: Voice) -> str:
    figures, language = told.figures, voice.language
    if figures["kind"] == "equalshares":
        if not told.cost:
            return say(language, "costs-nothing")
        return say(language, "paid", payment=amount(figures, "payment", voice))
    if figures["kind"] == "phragmen":
        return say(language, "paid-first", payment=amount(figures, "payment", voice))
    if figures["partial"]:
        return say(language, "partly-left")
    return say(language, "enough-left", before=voice.money(figures["before"]))


def support(told: Told, voice: Voice) -> str:
    """Say who chose the project, and what it costs."""
    language, number = voice.language, told.supporters
    values = {
        "people": people(number, voice),
        "ballots": voice.number(voice.ballots),
        "cost": voice.money(told.cost),
    }
    if told.reason == Reason.WITHDRAWN:
        return say(language, "had-been-chosen", number, **values)
    if told.reason == Reason.NO_SUPPORTER:
        return say(language, "chosen-by-nobody", **values)
    if voice.vote_type in POINTS:
        return say(language, "given-points", number, votes=votes(told.votes, voice), **values)
    return say(language, "chosen", number, **values)


def what_happened(told: Told, voice: Voice) -> list[str]:
    """Tell with all figures how the project came to be funded or not: who chose it, then why."""
    figures, money, language = told.figures, voice.money, voice.language
    first = support(told, voice)
    match told.reason:
        case "funded":
            return [first, *_how_funded(told, voice)]
        case Reason.MONEY_SHORT:
            key = "shares-spent" if figures["paid_for_others"] else "shares-too-small"
            had, missing = (amount(figures, name, voice) for name in ("had", "missing"))
            return [first, say(language, key, had=had, missing=missing)]
        case Reason.DID_NOT_FIT:
            values = {name: money(figures[name]) for name in ("remaining", "missing")}
            return [first, say(language, "did-not-fit-figures", **values)]
        case Reason.NO_SUPPORTER:
            return [first]
        case Reason.BELOW_MINIMUM | Reason.NOT_ELIGIBLE:
            lacking = figures["needed"] - told.votes
            second = say(language, "lacking", lacking, lacking=votes(lacking, voice))
            return [first, f"{reason(told, voice)} {second}"]
    return [first, reason(told, voice)]


def _how_funded(told: Told, voice: Voice) -> list[str]:
    figures, money, language = told.figures, voice.money, voice.language
    if figures["kind"] == "equalshares":
        if not told.cost:
            return [say(language, "nobody-had-to-pay")]
        return [
            say(
                language,
                "divided",
                payment=amount(figures, "payment", voice),
                effective=_hundredths_of_people(figures["effective_votes"], voice),
            ),
            _left_behind(told, voice),
        ]
    if figures["kind"] == "phragmen":
        values = {name: amount(figures, name, voice) for name in ("time", "payment")}
        return [say(language, "saved", **values)]
    before = money(figures["before"])
    if figures["partial"]:
        excess = money(-figures["left"])
        return [say(language, "partly-left-figures", before=before, excess=excess)]
    return [say(language, "before-and-after", before=before, left=money(figures["left"]))]


def _left_behind(told: Told, voice: Voice) -> str:
    """Say whether everybody could pay, and what the supporters had left afterwards."""
    figures, language = told.figures, voice.language
    left = amount(figures, "left_behind", voice)
    capped = figures["capped"]
    if not capped:
        return say(language, "all-paid-in-full", left=left)
    return say(language, "some-gave-all", capped, people=people(capped, voice), left=left)


def what_it_took(told: Told, voice: Voice, sufficing: Sufficing, *, major: int) -> list[str]:
    """Tell what would have been enough, or what a funded project could have lost.

    ``major`` is a major currency unit in smallest units.
    """
    language = voice.language
    found = [
        *_ballots_enough(voice, sufficing),
        *_beyond_threshold(told, voice, sufficing),
        *_cost_enough(told, voice, sufficing, major),
    ]
    if sufficing.without_rival is not None:
        key = "without-rival" if sufficing.without_rival else "not-without-rival"
        found.append(say(language, key))
    if sufficing.votes_to_spare is not None:
        found.append(_to_spare(voice, sufficing.votes_to_spare.value))
    return found


def _ballots_enough(voice: Voice, sufficing: Sufficing) -> list[str]:
    change, language = sufficing.ballots, voice.language
    if change is None:
        return []
    number = change.most if change.value is None else change.value
    values = {"number": voice.number(number)}
    if voice.vote_type in POINTS:
        values["points"] = votes(sufficing.points_each, voice)
    kind = "points" if voice.vote_type in POINTS else "votes"
    key = f"{kind}-not-enough" if change.value is None else f"{kind}-enough"
    return [say(language, key, number, **values)]


def _beyond_threshold(told: Told, voice: Voice, sufficing: Sufficing) -> list[str]:
    """Say what more votes are for than the few that were lacking to take part."""
    change = sufficing.ballots
    if told.reason not in LEFT_OUT or voice.vote_type in POINTS or change is None:
        return []
    lacking = told.figures["needed"] - told.votes
    if change.value is None or change.value <= lacking:
        return []
    return [say(voice.language, "beyond-threshold", lacking, lacking=votes(lacking, voice))]


def _cost_enough(told: Told, voice: Voice, sufficing: Sufficing, major: int) -> list[str]:
    change, money, language = sufficing.cost, voice.money, voice.language
    if change is None:
        return []
    if change.value is None:
        least = told.cost - change.most * major
        return [say(language, "cost-not-enough", cost=money(least))]
    lower = told.cost - change.value * major
    less, dearer = money(change.value * major), money(lower + change.step * major)
    return [say(language, "cost-enough", cost=money(lower), less=less, dearer=dearer)]


def _to_spare(voice: Voice, spare: int | None) -> str:
    language = voice.language
    if spare is None:
        return say(language, "all-votes-to-spare")
    more = votes(spare + 1, voice)
    if spare == 0:
        return say(language, "no-votes-to-spare", more=more)
    return say(
        language, "votes-to-spare", spare, votes=votes(spare, voice), more=voice.number(spare + 1)
    )


def whole_story(told: Told, voice: Voice, sufficing: Sufficing | None, *, major: int) -> Story:
    """Tell everything about one project; ``sufficing`` is None while it is not known yet."""
    language = voice.language
    happened = what_happened(told, voice)
    if told.order_funded is not None:
        order = voice.number(told.order_funded)
        happened.insert(1, say(language, "in-step", order=order))
        if told.figures.get("per_ballot") is not None:
            per_ballot = amount(told.figures, "per_ballot", voice)
            happened.insert(2, say(language, "share", per_ballot=per_ballot))
    first = answer(funded=told.reason == FUNDED, language=language)
    if sufficing is None:
        return Story(first, tuple(happened), (say(language, "being-worked-out"),))
    enough = what_it_took(told, voice, sufficing, major=major)
    note = say(language, "found-by-counting") if enough else ""
    return Story(first, tuple(happened), tuple(enough), note)


def step(told: Told, voice: Voice) -> str:
    """Say what the count did with the project when it came to it."""
    figures, language = told.figures, voice.language
    values = {"votes": votes(told.votes, voice), "cost": voice.money(told.cost)}
    if told.reason != FUNDED:
        return say(language, "step-not-funded", reason=reason(told, voice), **values)
    values["left"] = voice.money(max(0, figures["left"]))
    if figures["kind"] != "greedy" and told.cost:
        supporters = figures["supporters"]
        return say(
            language,
            "step-bought",
            supporters,
            people=people(supporters, voice),
            payment=amount(figures, "payment", voice),
            **values,
        )
    return say(language, "step-funded", **values)


def amount(figures: Mapping[str, Any], name: str, teller: Teller) -> str:
    """Write an amount among the figures of a project, with ≈ where it was rounded."""
    text = teller.money(figures[name])
    return f"≈ {text}" if name in figures.get("rounded", ()) else text


def votes(number: int, voice: Voice) -> str:
    """Write votes or points with their unit."""
    return _counted("points" if voice.vote_type in POINTS else "votes", number, voice)


def people(number: int, voice: Voice) -> str:
    """Write a number of people."""
    return _counted("people", number, voice)


def _counted(key: str, number: int, voice: Voice) -> str:
    return say(voice.language, key, number, number=voice.number(number))


def _hundredths_of_people(hundredths: int, voice: Voice) -> str:
    """Write effective votes, given in hundredths, with at most one decimal."""
    whole, part = tenths(hundredths)
    text = voice.number(whole)
    if part:
        text += f"{say(voice.language, 'decimal-mark')}{part}"
    return say(voice.language, "people", 1 if text == "1" else 2, number=text)
