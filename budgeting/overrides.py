"""Decisions above the rule: an input changed before the count, a note beside the result after it.

Each takes a coordinator and a guarantor and says its reason in both languages. *Before*: between
the close of the vote and the count, a project's cost or a contest's budget changes; the change is
an addendum to the frozen rules, hashed, and what is counted is the changed input. *After*: a note
says that another fund pays for a project, or that it was withdrawn after the vote; the outcome of
the count stays, and the note is an addendum to its record. A note is revoked by another such act.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from home.errors import DomainError
from home.money import format_money

from .freezing import add_addendum
from .joint_acts import Effect
from .models import Contest, Count, JointAct, Override, Project, Round
from .record_addenda import add_to_record

Kind = Override.Kind
REVOKE = "revoke"
LONGEST_PAYER = 200
LONGEST_REASON = 4_000


class OverrideRefused(DomainError):
    """A decision above the rule that cannot be asked for or take effect."""


# --- what is asked for --------------------------------------------------------------------------


def cost_parameters(*, project: Project, cost: int, reason_en: str) -> dict[str, Any]:
    """Return what a request to count a project with another cost (hundredths) carries."""
    return _parameters(Kind.COST, project.contest_id, project.pk, cost, reason_en)


def budget_parameters(*, contest: Contest, budget: int, reason_en: str) -> dict[str, Any]:
    """Return what a request to count a contest with another budget (hundredths) carries."""
    return _parameters(Kind.BUDGET, contest.pk, None, budget, reason_en)


def note_parameters(
    *,
    kind: str,
    project: Project,
    reason_en: str,
    amount: int | None = None,
    payer: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return what a request to annotate a project carries.

    `amount` (hundredths) and `payer`, by language, say how much another fund pays and which.
    """
    plain = _parameters(kind, project.contest_id, project.pk, amount, reason_en)
    texts = {language: text.strip() for language, text in (payer or {}).items()}
    return plain | {"payer": {language: text for language, text in texts.items() if text}}


def revocation_parameters(*, override: Override, reason_en: str) -> dict[str, Any]:
    """Return what a request to revoke a note carries."""
    plain = _parameters(REVOKE, override.contest_id, override.project_id, None, reason_en)
    return plain | {"override": override.pk}


def _parameters(
    kind: str, contest: int, project: int | None, amount: int | None, reason_en: str
) -> dict[str, Any]:
    return {
        "kind": str(kind),
        "contest": contest,
        "project": project,
        "amount": amount,
        "payer": {},
        "reason_en": reason_en.strip(),
    }


# --- when it may be -----------------------------------------------------------------------------


def may_change_inputs(round: Round) -> bool:
    """Say whether what is counted may change: after the close, before the first count."""
    return (
        round.state in (Round.State.CLOSED, Round.State.SEALED)
        and round.frozen_rules.exists()
        and not Count.objects.filter(contest__scope__round=round).exists()
    )


def may_annotate(round: Round) -> bool:
    """Say whether notes may stand beside the result: counted, and a vote of this city."""
    counted = round.state in (Round.State.COUNTED, Round.State.PUBLISHED)
    return counted and not round.is_from_elsewhere


def check(act: JointAct) -> None:
    """Raise OverrideRefused unless the decision can be made now and says all it has to."""
    if not act.reason:
        raise OverrideRefused(_("Write the reason in Italian: everybody reads it."), field="reason")
    if not act.parameters["reason_en"]:
        raise OverrideRefused(_("Write the reason in English too."), field="reason_en")
    if max(len(act.reason), len(act.parameters["reason_en"])) > LONGEST_REASON:
        raise OverrideRefused(
            _("Shorten the reason to %(most)s characters.") % {"most": LONGEST_REASON},
            field="reason",
        )
    CHECKS[act.parameters["kind"]](act)


def _check_before(act: JointAct) -> None:
    if not may_change_inputs(act.round):
        raise OverrideRefused(
            _(
                "What is counted can change only between the close of the vote and the count of a "
                "vote held here."
            )
        )
    amount = act.parameters["amount"]
    if not amount or amount < 0:
        raise OverrideRefused(_("Write an amount above zero."), field="amount")
    if amount == _amount_now(act):
        raise OverrideRefused(
            _("This is the amount it has already: write the new one."), field="amount"
        )


def _check_cost(act: JointAct) -> None:
    project = _project(act)
    if project.state != Project.State.STANDING:
        raise OverrideRefused(
            _("This project was withdrawn: its cost no longer matters."), field="project"
        )
    _check_before(act)


def _check_budget(act: JointAct) -> None:
    _contest(act)
    _check_before(act)


def _check_note(act: JointAct) -> None:
    if not may_annotate(act.round):
        raise OverrideRefused(
            _("Notes stand beside the result of this city's own votes, once it is counted.")
        )
    project = _project(act)
    if project.state != Project.State.STANDING:
        raise OverrideRefused(
            _("This project was withdrawn before the count: nothing can be added."), field="project"
        )
    if Override.objects.after_the_count().in_force().filter(project=project).exists():
        raise OverrideRefused(
            _("This project has a note already: revoke that one first."), field="project"
        )


def _check_other_money(act: JointAct) -> None:
    payer, amount = act.parameters["payer"], act.parameters["amount"]
    if not payer.get("it"):
        raise OverrideRefused(_("Write in Italian which fund or body pays."), field="payer_it")
    if max(map(len, payer.values())) > LONGEST_PAYER:
        raise OverrideRefused(
            _("Shorten the name to %(most)s characters.") % {"most": LONGEST_PAYER},
            field="payer_it",
        )
    if not amount or amount < 0:
        raise OverrideRefused(_("Write how much it pays, above zero."), field="amount")
    _check_note(act)
    cost = _project(act).cost
    if amount > cost:
        raise OverrideRefused(
            _("Write at most the cost of the project, %(cost)s.")
            % {"cost": format_money(cost, act.round.currency)},
            field="amount",
        )


def _check_withdrawn(act: JointAct) -> None:
    if act.parameters["amount"] is not None or act.parameters["payer"]:
        raise OverrideRefused(_("A withdrawal has no amount and nobody who pays."), field="amount")
    _check_note(act)


def _check_revocation(act: JointAct) -> None:
    if _override(act).revoked_by_id is not None:
        raise OverrideRefused(_("This note has already been revoked."))


CHECKS = {
    Kind.COST.value: _check_cost,
    Kind.BUDGET.value: _check_budget,
    Kind.FUNDED_ELSEWHERE.value: _check_other_money,
    Kind.WITHDRAWN_AFTERWARDS.value: _check_withdrawn,
    REVOKE: _check_revocation,
}


# --- what it does -------------------------------------------------------------------------------


def apply(act: JointAct) -> None:
    """Change the input and publish the addendum, or write the note and add it to the record."""
    kind = act.parameters["kind"]
    if kind == REVOKE:
        override = _override(act)
        override.revoked_by = act
        override.save(update_fields=["revoked_by"])
        add_to_record(override=override, act=act)
        return
    before = _amount_now(act)
    if kind == Kind.COST:
        project = _project(act)
        project.cost = act.parameters["amount"]
        project.save(update_fields=["cost"])
        _freeze(act, {"project": project.number, "cost": project.cost, "cost_before": before})
    elif kind == Kind.BUDGET:
        contest = _contest(act)
        contest.budget = act.parameters["amount"]
        contest.save(update_fields=["budget"])
        about = {"scope": contest.scope_id, "contest": contest.slug}
        _freeze(act, about | {"budget": contest.budget, "budget_before": before})
    override = _store(act, before)
    if not override.is_before:
        add_to_record(override=override, act=act)


def _freeze(act: JointAct, content: Mapping[str, Any]) -> None:
    add_addendum(
        act.round,
        kind=act.parameters["kind"],
        reason=act.reason,
        content={**content, "reason_en": act.parameters["reason_en"]},
    )


def _store(act: JointAct, before: int | None) -> Override:
    plain = act.parameters
    assert act.decided_at is not None  # noqa: S101  the database has no confirmed act without it
    texts: dict[str, Any] = {"reason_it": act.reason, "reason_en": plain["reason_en"]}
    for language, text in plain["payer"].items():
        texts[f"payer_{language}"] = text
    override: Override = Override.objects.create(
        act=act,
        contest_id=plain["contest"],
        project_id=plain["project"],
        kind=plain["kind"],
        amount=plain["amount"],
        amount_before=before,
        made_at=act.decided_at,
        **texts,
    )
    return override


def _project(act: JointAct) -> Project:
    return Project.objects.select_for_update().get(pk=act.parameters["project"], round=act.round)


def _contest(act: JointAct) -> Contest:
    contests = Contest.objects.select_for_update()
    return contests.get(pk=act.parameters["contest"], scope__round=act.round)


def _override(act: JointAct) -> Override:
    found = Override.objects.select_for_update().after_the_count()
    return found.get(pk=act.parameters["override"], contest__scope__round=act.round)


def _amount_now(act: JointAct) -> int | None:
    match act.parameters["kind"]:
        case Kind.COST:
            return _project(act).cost
        case Kind.BUDGET:
            return _contest(act).budget
    return None


# --- what others read ---------------------------------------------------------------------------


def details(act: JointAct) -> list[tuple[Any, Any]]:
    """Return what the guarantor reads before signing."""
    plain, currency = act.parameters, act.round.currency
    kind = plain["kind"]
    what: Any = _("revoke a note beside the result")
    if kind != REVOKE:
        what = Kind(kind).label
    lines: list[tuple[Any, Any]] = [(_("Decision"), what)]
    contest = Contest.objects.get(pk=plain["contest"])
    lines.append((_("Contest"), contest.name))
    project = Project.objects.filter(pk=plain["project"]).first()
    if project is not None:
        lines.append((_("Project"), str(project)))
    if kind == REVOKE:
        override = Override.objects.get(pk=plain["override"])
        lines.append((_("Note to revoke"), override.get_kind_display()))
        lines.append((_("Its reason"), override.reason))
    if kind in (Kind.COST, Kind.BUDGET) and act.state == JointAct.State.REQUESTED:
        now = project.cost if project else contest.budget
        lines.append((_("Amount today"), format_money(now, currency)))
    if plain["amount"] is not None:
        lines.append((_("Amount"), format_money(plain["amount"], currency)))
    lines += [(_("Who pays"), text) for _language, text in sorted(plain["payer"].items())]
    lines.append((_("Reason (English)"), plain["reason_en"]))
    return lines


EFFECT = Effect(check=check, apply=apply, details=details)
