"""An editor submits, a publisher publishes; nobody else touches a page."""

import pytest
from django.contrib.auth.models import Group
from wagtail.models import Workflow

from tests.factories.home import home, page

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(django_user_model):
    def make(role: str):
        made = django_user_model.objects.create_user(f"{role.lower()}@example.org", is_staff=True)
        made.groups.add(Group.objects.get(name=role))
        return made

    return make


@pytest.mark.parametrize(
    ("role", "edits", "publishes"),
    [
        ("Editors", True, False),
        ("Publishers", True, True),
        ("Moderators", False, False),
        ("Reviewers", False, False),
        ("Coordinators", False, False),
        ("Operators", False, False),
        ("Administrators", False, False),
    ],
)
@pytest.mark.parametrize("language", ["it", "en"])
def test_who_may_do_what(person, role, edits, publishes, language):
    rights = home(language).permissions_for_user(person(role))
    assert (rights.can_edit(), rights.can_publish()) == (edits, publishes)


def test_every_page_has_the_workflow():
    assert page("Orti").get_workflow() == Workflow.objects.get(name="Pubblicazione")


def test_a_page_goes_out_when_a_publisher_approves(person):
    editor, publisher = person("Editors"), person("Publishers")
    draft = page("Orti")
    draft.unpublish()
    draft.save_revision(user=editor)
    state = draft.get_workflow().start(draft, editor)
    task = state.current_task_state.task.specific
    assert not task.get_actions(draft, editor) or not task.user_can_access_editor(draft, editor)
    state.current_task_state.approve(user=publisher)
    draft.refresh_from_db()
    assert draft.live


def test_an_editor_cannot_approve(person):
    draft = page("Orti")
    state = draft.get_workflow().start(draft, person("Editors"))
    task = state.current_task_state.task.specific
    assert task.get_actions(draft, person("Publishers"))
    assert not [
        name for name, *_ in task.get_actions(draft, person("Moderators")) if name == "approve"
    ]
