"""The admin's home says to everybody what their part is, where it is done and what waits there."""

from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from budgeting import holds, joint_acts, opening
from budgeting.admin import home_panel as rounds
from budgeting.models import JointAct
from residents import roles
from residents.admin import home_panel as parts
from tests.factories.budgeting import (
    RoundFactory,
    coordinator,
    guarantor,
    open_round,
    ready_round,
)
from tests.factories.residents import UserFactory, sign_in

pytestmark = pytest.mark.django_db
HOME = reverse("wagtailadmin_home")


def home_of(user) -> str:
    return unescape(sign_in(Client(), user).get(HOME).text)


@pytest.mark.parametrize("role", roles.ROLES)
def test_every_role_is_told_its_part_and_each_link_there_opens(role):
    user = UserFactory(role=role, is_staff=True)
    known = {
        roles.COORDINATORS: rounds.PARTS[joint_acts.Role.COORDINATOR],
        roles.GUARANTORS: rounds.PARTS[joint_acts.Role.GUARANTOR],
    }
    part = known.get(role) or parts.PARTS[role]
    client = sign_in(Client(), user)
    page = home_of(user)
    assert str(part.text) in page
    for link in part.links:
        assert f'href="{link.url}"' in page
        assert client.get(link.url, follow=True).status_code == 200, link.name


def test_somebody_with_two_parts_reads_both_and_an_administrator_without_groups_theirs():
    page = home_of(UserFactory(roles=[roles.EDITORS, roles.OPERATORS], is_staff=True))
    assert str(parts.PARTS[roles.EDITORS].text) in page
    assert str(parts.PARTS[roles.OPERATORS].text) in page
    assert str(parts.PARTS[roles.ADMINISTRATORS].text) in home_of(UserFactory(superuser=True))


def test_whose_signature_is_missing_is_told_to_both_sides():
    asker, second = coordinator(), guarantor()
    act = joint_acts.request_act(
        round=(round := ready_round()),
        kind=JointAct.Kind.OPENING,
        by=asker,
        parameters=opening.parameters_for(round),
    )
    for user, which in [(second, "mine"), (asker, "others")]:
        panel = rounds.RoundsPanel().get_context_data({"request": request_of(user)})
        assert {name: panel[name] for name in ("mine", "others")} == {
            "mine": [],
            "others": [],
            which: [act],
        }
        assert reverse("rounds_admin:act", args=[act.pk]) in home_of(user)


def request_of(user):
    class Request:
        pass

    Request.user = user
    return Request


def test_where_each_round_stands_is_told_with_its_dates_until_its_result_is_published():
    open_, preparing = open_round(ready_round()), RoundFactory(name_it="Da preparare")
    RoundFactory(name_it="Finito", state="published")
    holds.place_hold(round=open_, reason={"it": "Guasto"}, by=coordinator())
    user = coordinator()
    panel = rounds.RoundsPanel().get_context_data({"request": request_of(user)})
    assert [(each, now and now.kind, next_) for each, now, next_ in panel["rounds"]] == [
        (preparing, None, None),
        (open_, "vote", None),
    ]
    page = home_of(user)
    assert "Da preparare" in page
    assert "Finito" not in page
    assert open_.get_state_display() in page


def test_ten_rounds_and_requests_cost_the_queries_of_one(client):
    sign_in(client, guarantor())

    def number_of_queries() -> int:
        client.get(HOME)
        with CaptureQueriesContext(connection) as queries:
            client.get(HOME)
        return len(queries)

    def with_request() -> None:
        round = ready_round()
        joint_acts.request_act(
            round=round,
            kind=JointAct.Kind.OPENING,
            by=coordinator(),
            parameters=opening.parameters_for(round),
        )

    with_request()
    with_one = number_of_queries()
    for _number in range(9):
        with_request()
    assert number_of_queries() == with_one
