"""Counting: an election and a rule in, an outcome out. Same input, same output, always."""

from __future__ import annotations

from fractions import Fraction

from .add_one import scan
from .areas import check_areas, count_by_area
from .comparing import compare_awards, plain_greedy_rule
from .election import Election
from .equal_shares import Contest, Run
from .greedy import GreedyResult, run_greedy
from .outcome import ComparisonResult, Detail, NotFunded, Outcome, Reason, Scan, SharesStep, Step
from .phragmen import BALLOT_TYPES, run_phragmen
from .refusal_words import refused
from .rules import Areas, Comparison, Completion, Method, Rule, RuleError
from .standing import Standing, find_standing
from .ties import Draw, TieBreak, TieOrder


def count(election: Election, rule: Rule, *, draw: Draw | None = None) -> Outcome:
    """Compute the award of an election under a rule.

    ``draw`` gives the drawn order that ``ties: standard`` may need. Raises
    :class:`~budgeting.tally.ties.UndecidedTieError` when a tie changes the award and nothing
    decides it, and :class:`~budgeting.tally.rules.RuleError` for a rule that is not defined for
    this election (see :func:`check_rule`).
    """
    check_rule(election, rule)
    if rule.areas is not Areas.NONE:
        return count_by_area(election, rule, lambda part, plain: count(part, plain, draw=draw))
    standing = find_standing(election, rule)
    order = TieOrder(election, rule.ties, draw)
    if rule.method is Method.GREEDY:
        result = run_greedy(election, standing.projects, rule, order)
        return _from_greedy(election, rule, draw, standing, result)
    if rule.method is Method.PHRAGMEN:
        flow = run_phragmen(election, standing.projects, rule, order)
        everyone = [*standing.removed, *flow.not_funded]
        return _outcome(election, rule, draw, list(flow.steps), everyone, flow.ties)
    return _count_equal_shares(election, rule, draw, standing, order)


def check_rule(election: Election, rule: Rule) -> None:
    """Raise :class:`~budgeting.tally.rules.RuleError` where the rule is not defined.

    Greedy and Equal Shares are for every ballot type, sequential Phragmén for approval and choose-1
    ballots; areas need an election that gives them budgets.
    """
    if rule.method is Method.PHRAGMEN and election.vote_type not in BALLOT_TYPES:
        raise RuleError(
            "ballot-type",
            "method",
            refused("ballot-type", vote_type=election.vote_type),
            ballot_type=election.vote_type.value,
        )
    check_areas(election, rule)


def _count_equal_shares(
    election: Election, rule: Rule, draw: Draw | None, standing: Standing, order: TieOrder
) -> Outcome:
    if election.num_ballots == 0:
        losers = [
            NotFunded(election.projects[index].id, Reason.NO_SUPPORTER)
            for index in standing.projects
        ]
        nothing = Scan(0, 0, Fraction(0), "no-ballots")
        return _outcome(election, rule, draw, (), [*standing.removed, *losers], (), scanned=nothing)
    contest = Contest(election, standing.projects, rule, order)
    found = scan(contest, rule)
    steps: list[Step] = _steps(contest, found.run)
    losers = _losers(contest, standing, found.run)
    ties = [purchase.tie for purchase in found.run.purchases if purchase.tie]
    funded = list(found.run.funded)
    if rule.completion is Completion.ADD1U:
        more = run_greedy(
            election, standing.projects, plain_greedy_rule(rule), order, funded_before=funded
        )
        steps.extend(more.steps)
        losers = _completed_losers(losers, more)
        ties.extend(more.ties)
        funded.extend(more.funded)
    scanned = Scan(found.runs, found.kept, found.run.per_ballot, found.ended, found.next_cost)
    if rule.comparison is not Comparison.NONE:
        rival = run_greedy(election, standing.projects, plain_greedy_rule(rule), order)
        compared = compare_awards(election, rule.comparison, funded, rival.funded)
        if compared.replaced:
            return _from_greedy(election, rule, draw, standing, rival, scanned, compared)
    else:
        compared = None
    everyone = [*standing.removed, *losers]
    return _outcome(election, rule, draw, steps, everyone, ties, scanned=scanned, compared=compared)


def _steps(contest: Contest, run: Run) -> list[Step]:
    steps: list[Step] = []
    for purchase in run.purchases:
        project = contest.election.projects[purchase.project]
        payment = purchase.payment
        steps.append(
            SharesStep(
                project=project.id,
                cost=project.cost,
                votes=contest.election.votes[purchase.project],
                effective_votes=project.cost / payment if payment else None,
                rho=purchase.rho,
                payment=payment,
                supporters=contest.supporters[purchase.project],
                capped=purchase.capped,
                tie=purchase.tie,
            )
        )
    return steps


def _losers(contest: Contest, standing: Standing, run: Run) -> list[NotFunded]:
    losers = []
    projects = contest.election.projects
    for index in sorted(set(standing.projects) - set(run.funded)):
        name = projects[index].id
        if index in run.excluded:
            rival = projects[run.excluded[index]].id
            losers.append(NotFunded(name, Reason.RIVAL_FUNDED, {"rival": rival}))
        elif contest.supporters[index] == 0:
            losers.append(NotFunded(name, Reason.NO_SUPPORTER))
        elif index not in contest.fundable:
            losers.append(NotFunded(name, Reason.FREE))
        else:
            had = run.money_behind(index)
            details: dict[str, Detail] = {
                "supporters": contest.supporters[index],
                "had": had,
                "missing": projects[index].cost - had,
                "per_ballot": run.per_ballot,
            }
            losers.append(NotFunded(name, Reason.MONEY_SHORT, details))
    return losers


def _completed_losers(losers: list[NotFunded], completion: GreedyResult) -> list[NotFunded]:
    """After greedy completion the reason is that the project did not fit; rivals stay rivals."""
    final = {item.project: item for item in completion.not_funded}
    return [final[item.project] for item in losers if item.project in final]


def _from_greedy(
    election: Election,
    rule: Rule,
    draw: Draw | None,
    standing: Standing,
    result: GreedyResult,
    scanned: Scan | None = None,
    compared: ComparisonResult | None = None,
) -> Outcome:
    everyone = [*standing.removed, *result.not_funded]
    return _outcome(
        election,
        rule,
        draw,
        result.steps,
        everyone,
        result.ties,
        scanned=scanned,
        compared=compared,
    )


def _outcome(
    election: Election,
    rule: Rule,
    draw: Draw | None,
    steps: list[Step] | tuple[Step, ...],
    losers: list[NotFunded],
    ties: list[TieBreak] | tuple[TieBreak, ...],
    *,
    scanned: Scan | None = None,
    compared: ComparisonResult | None = None,
) -> Outcome:
    cost = sum(step.cost for step in steps)
    return Outcome(
        winners=tuple(step.project for step in steps),
        cost=cost,
        budget=election.budget,
        scale=election.scale,
        currency=election.currency,
        ballots=election.num_ballots,
        votes={
            project.id: votes
            for project, votes in zip(election.projects, election.votes, strict=True)
        },
        rule=rule,
        draw=draw,
        trace=tuple(steps),
        not_funded=tuple(sorted(losers, key=lambda item: election.position[item.project])),
        ties=tuple(ties),
        excess=max(0, cost - election.budget),
        scan=scanned,
        comparison=compared,
    )
