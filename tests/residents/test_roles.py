"""Who may do what, and which duties stay with different people."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.models import Collection

from residents import roles, separation
from residents.models import User
from residents.staff import RoleForm, StaffCreationForm

pytestmark = pytest.mark.django_db


@pytest.fixture
def apart(monkeypatch) -> None:
    """Editing a roll and editing redirects, as if nobody might do both."""
    monkeypatch.setattr(
        roles,
        "_separations",
        [roles.Separation("residents.manage_roll", "auth.add_group", _("One or the other."))],
    )


def test_every_role_is_a_group_that_enters_the_admin() -> None:
    for role in roles.ROLES:
        assert Group.objects.get(name=role).permissions.filter(codename="access_admin").exists()


def test_declaring_again_changes_nothing() -> None:
    before = set(Group.permissions.through.objects.values_list("group", "permission"))
    for app in apps.get_app_configs():
        roles.add_declared_permissions(app_config=app)
    assert set(Group.permissions.through.objects.values_list("group", "permission")) == before


def test_what_a_city_added_to_a_role_stays() -> None:
    group = Group.objects.get(name=roles.EDITORS)
    group.permissions.add(Permission.objects.get(codename="view_roll"))
    roles.add_declared_permissions(app_config=apps.get_app_config("residents"))
    assert group.permissions.filter(codename="view_roll").exists()


def test_an_app_cannot_declare_what_is_no_role_or_no_permission() -> None:
    with pytest.raises(ValueError, match="not a role"):
        roles.grant("Gardeners", "residents.view_roll")
    with pytest.raises(ValueError, match=r"app_label\.codename"):
        roles.grant(roles.EDITORS, "view_roll")


def test_duties_declared_apart_twice_are_apart_once() -> None:
    before = roles.separations()
    roles.keep_apart(before[0].first, before[0].second, why=before[0].why)
    assert roles.separations() == before


def test_a_permission_that_does_not_exist_is_reported(monkeypatch) -> None:
    monkeypatch.setitem(roles._grants, roles.EDITORS, {"residents.fly"})
    with pytest.raises(LookupError, match=r"residents\.fly"):
        roles.add_declared_permissions(app_config=apps.get_app_config("residents"))


def test_publishers_publish_pages_and_moderators_do_not() -> None:
    publishers = Group.objects.get(name=roles.PUBLISHERS)
    assert publishers.page_permissions.filter(permission__codename="publish_page").exists()
    assert publishers.groupapprovaltask_set.exists()
    assert not Group.objects.get(name=roles.MODERATORS).page_permissions.exists()
    editors = Group.objects.get(name=roles.EDITORS)
    assert not editors.page_permissions.filter(permission__codename="publish_page").exists()


def test_no_role_joins_duties_that_must_stay_apart() -> None:
    for role in roles.ROLES:
        group = Group.objects.get(name=role)
        roles.refuse_joined_duties(permissions=group.permissions.select_related("content_type"))


def test_the_form_refuses_a_person_with_both_duties(apart) -> None:
    groups = Group.objects.filter(name__in=[roles.COORDINATORS, roles.ADMINISTRATORS])
    form = StaffCreationForm(
        {
            "email": "dina@example.org",
            "first_name": "Dina",
            "last_name": "Neri",
            "language": "it",
            "groups": [group.pk for group in groups],
        }
    )
    assert form.errors == {"groups": ["One or the other."]}


def test_the_form_refuses_a_role_with_both_duties(apart) -> None:
    permissions = Permission.objects.filter(codename__in=["manage_roll", "add_group"])
    form = RoleForm({"name": "Both", "permissions": [p.pk for p in permissions]})
    form.fields["permissions"].queryset = permissions
    assert form.errors["permissions"] == ["One or the other."]


def test_no_way_around_the_forms_joins_duties(apart) -> None:
    person = User.objects.create_user("dina@example.org")
    coordinators = Group.objects.get(name=roles.COORDINATORS)
    administrators = Group.objects.get(name=roles.ADMINISTRATORS)
    add_group = Permission.objects.get(codename="add_group")
    person.groups.add(coordinators)

    for attempt in (
        lambda: person.groups.add(administrators),
        lambda: administrators.user_set.add(person),
        lambda: person.user_permissions.add(add_group),
        lambda: coordinators.permissions.add(add_group),
    ):
        with pytest.raises(roles.JoinedDutiesError, match="One or the other"), transaction.atomic():
            attempt()
    assert separation.people_with_joined_duties() == []
    assert list(person.groups.all()) == [coordinators]


def test_administrators_manage_collections_and_editors_do_not(client_as) -> None:
    client = client_as(roles.ADMINISTRATORS)
    add, overview = reverse("wagtailadmin_collections:add"), "wagtailadmin_collections:index"
    root = Collection.get_first_root_node()
    assert client.post(add, {"parent": root.pk, "name": "Archivio"}).status_code == 302
    archive = Collection.objects.get(name="Archivio")
    assert "Archivio" in client.get(reverse(overview)).text
    delete = reverse("wagtailadmin_collections:delete", args=[archive.pk])
    assert client.post(delete).status_code == 302
    assert not Collection.objects.filter(name="Archivio").exists()
    refused = client_as(roles.EDITORS).post(add, {"parent": root.pk, "name": "Altro"})
    assert refused.url == reverse("wagtailadmin_home")
    assert not Collection.objects.filter(name="Altro").exists()
