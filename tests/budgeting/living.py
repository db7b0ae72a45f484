"""A round of this city from the vote to the count, as tests need it."""

import datetime
from typing import Any

from budgeting import drawing, publication
from budgeting.casting import cast, new_form
from budgeting.closing import close_if_due
from budgeting.joint_acts import confirm_act, effect_of, request_act
from budgeting.models import Contest, JointAct, Round
from budgeting.sealing import seal_round
from residents.models import User

from ..factories.box import let_time_pass, make_entry, open_contest, signed_act
from ..factories.budgeting import coordinator, guarantor


def closed_contest(*, award_rule: dict[str, Any] | None = None) -> Contest:
    """A contest of this city with 24 ballots whose vote is over."""
    contest = open_contest(award_rule=award_rule or {"method": "greedy", "ties": "file-order"})
    round_ = contest.scope.round
    for number in range(24):
        born = datetime.date(1960 if number % 2 else 2000, 5, 17)
        entry = make_entry(round_, birth_date=born)
        form = new_form(entry=entry, scope=contest.scope)
        chosen = [1, 2] if number % 3 else [3]
        channel = "online" if number < 13 else "assisted"
        cast(entry=entry, contest=contest, chosen=chosen, form=form, channel=channel)
    let_time_pass(round_)
    close_if_due(round_id=round_.pk)
    round_.refresh_from_db()
    return contest


def sealed_contest(*, award_rule: dict[str, Any] | None = None) -> Contest:
    """A contest of this city whose 24 ballots are sealed; the key is still there."""
    contest = closed_contest(award_rule=award_rule)
    round_ = contest.scope.round
    signed_act(round_, "sealing")
    seal_round(round=round_)
    round_.refresh_from_db()
    return contest


def withdraw(contest: Contest, number: int = 1) -> None:
    """Withdraw a project as two signatures do."""
    act = request_act(
        round=contest.scope.round,
        kind="withdrawal",
        by=coordinator(),
        parameters={"project": contest.projects.get(number=number).pk},
        reason="Il terreno è stato venduto.",
    )
    confirm_act(act=act, by=guarantor())


def destroy_key(round_: Round) -> None:
    """Destroy the key as two signatures do."""
    act = signed_act(round_, "key_destruction", backups="destroyed")
    effect_of("key_destruction").apply(act)


def enter_seed(
    round_: Round,
    *,
    seed: str = "07-14-33",
    first: User | None = None,
    second: User | None = None,
) -> JointAct:
    """Enter the seed of the draw as two guarantors do."""
    act = request_act(
        round=round_,
        kind="draw",
        by=first or guarantor(),
        parameters=drawing.parameters_for(seed=seed, lottery="Lotto del 9 maggio, ruota di Roma"),
    )
    return confirm_act(act=act, by=second or guarantor())


def ask_to_publish(round_: Round, by: User) -> JointAct:
    """Ask for the publication."""
    return request_act(
        round=round_,
        kind="publication",
        by=by,
        reason="Scrutinio verificato.",
        parameters=publication.parameters_for(round_),
    )
