"""How administrators look after the people who work for the city, in the Wagtail admin."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.users.forms import GroupForm, UserCreationForm, UserEditForm
from wagtail.users.views.bulk_actions.assign_role import AssignRoleBulkAction
from wagtail.users.views.bulk_actions.delete import DeleteBulkAction
from wagtail.users.views.bulk_actions.set_active_state import SetActiveStateBulkAction
from wagtail.users.views.groups import CreateView as GroupCreateView
from wagtail.users.views.groups import EditView as GroupEditView
from wagtail.users.views.groups import GroupViewSet
from wagtail.users.views.users import CreateView, DeleteView, EditView, IndexView, UserViewSet

from . import gateway, oversight, roles, second_factor
from .models import User
from .models.people import LANGUAGES


class _StaffForm(forms.ModelForm):
    """What both forms about a person share."""

    language = forms.ChoiceField(label=_("Language of e-mails"), choices=LANGUAGES)

    field_order = ["email", "first_name", "last_name", "language", "is_active", "groups"]

    def __init__(self, *args: Any, by_superuser: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups: Any = self.fields["groups"]
        groups.label = _("Roles")
        groups.help_text = _("They can be several. What each may do is written at Groups.")
        groups.label_from_instance = lambda group: str(roles.ROLES.get(group.name, group.name))
        if not by_superuser:
            # Only who has every right may give every right.
            self.fields.pop("is_superuser", None)

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if User.objects.exclude(pk=self.instance.pk).filter(email=email).exists():
            raise ValidationError(
                _("There is an account with this address already: change that one.")
            )
        return email

    def clean_groups(self) -> Any:
        groups = self.cleaned_data["groups"]
        try:
            roles.refuse_joined_groups(groups=groups)
        except roles.JoinedDutiesError as error:
            raise ValidationError(str(error)) from error
        return groups

    def save(self, commit: bool = True) -> Any:
        person = super().save(commit=False)
        person.is_staff = person.is_superuser or bool(self.cleaned_data["groups"])
        if not person.pk:
            person.set_unusable_password()
        if commit:
            person.save()
            self.save_m2m()
        return person


class StaffCreationForm(_StaffForm, UserCreationForm):
    """A new person, who will sign in with an e-mail code and set up a second factor."""

    class Meta(UserCreationForm.Meta):
        fields = UserCreationForm.Meta.fields | {"language"}


class StaffEditForm(_StaffForm, UserEditForm):
    """Somebody's name, address and roles."""

    removes_second_factor = forms.BooleanField(
        label=_("Remove the second factor"),
        required=False,
        help_text=_(
            "For somebody who has lost the phone and the recovery codes. They set up a new one at "
            "the next sign-in."
        ),
    )

    def save(self, commit: bool = True) -> Any:
        person = super().save(commit)
        if self.cleaned_data["removes_second_factor"]:
            second_factor.remove(person)
        if person.email != self.initial["email"]:
            # Whoever reads the new address must not get the vote of who read the old one.
            gateway.disconnect(user=person)
        return person

    class Meta(UserEditForm.Meta):
        fields = UserEditForm.Meta.fields | {"language"}


class StaffIndexView(IndexView):
    page_title = _("People")
    add_item_label = _("Add a person")


class _Watched:
    """Tells coordinators and guarantors what is changed here about any of them."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with oversight.watching(by=request.user):
            response: HttpResponse = super().post(request, *args, **kwargs)  # type: ignore[misc]
        return response


class StaffCreateView(_Watched, CreateView):
    page_title = _("Add a person")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"by_superuser": self.request.user.is_superuser}


class StaffEditView(_Watched, EditView):
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.object.is_superuser and not request.user.is_superuser:
            raise PermissionDenied
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"by_superuser": self.request.user.is_superuser}


class StaffDeleteView(_Watched, DeleteView):
    pass


class StaffViewSet(UserViewSet):
    """Wagtail's administration of people, for accounts without user name and password."""

    index_view_class = StaffIndexView
    add_view_class = StaffCreateView
    edit_view_class = StaffEditView
    delete_view_class = StaffDeleteView
    menu_label = _("People")
    create_template_name = "residents/staff/create.html"
    edit_template_name = "residents/staff/edit.html"

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:
        return StaffEditForm if for_update else StaffCreationForm


class RoleForm(GroupForm):
    """A group, which may not join two duties that must stay apart, for itself or for a member."""

    def clean_permissions(self) -> Any:
        permissions = self.cleaned_data["permissions"]
        try:
            roles.refuse_joined_duties(permissions=permissions.select_related("content_type"))
        except roles.JoinedDutiesError as error:
            raise ValidationError(str(error)) from error
        return permissions


class _KindlyRefused:
    """Says in words what the barrier of `separation` refused, instead of failing."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response: HttpResponse = super().post(request, *args, **kwargs)  # type: ignore[misc]
        except roles.JoinedDutiesError as error:
            messages.error(request, str(error))
            return redirect(request.get_full_path())
        return response


class RoleCreateView(_KindlyRefused, GroupCreateView):
    pass


class RoleEditView(_KindlyRefused, GroupEditView):
    pass


class RoleViewSet(GroupViewSet):
    """Wagtail's administration of groups, which are the roles."""

    add_view_class = RoleCreateView
    edit_view_class = RoleEditView

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:
        return RoleForm


class AssignRole(_KindlyRefused, _Watched, AssignRoleBulkAction):
    """Give a role to several people, unless somebody would join two duties."""

    def check_perm(self, obj: User) -> bool:
        return super().check_perm(obj) and _may_change(self.request.user, obj)


class SetActiveState(_Watched, SetActiveStateBulkAction):
    """Switch several accounts on or off."""

    def check_perm(self, obj: User) -> bool:
        return super().check_perm(obj) and _may_change(self.request.user, obj)


class DeletePeople(_Watched, DeleteBulkAction):
    """Delete several accounts."""


def _may_change(by: Any, person: User) -> bool:
    return bool(by.is_superuser or not person.is_superuser)
