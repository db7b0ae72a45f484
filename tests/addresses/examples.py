"""An example of everything that addresses name.

Most of it is in the demonstration city; what that lacks is made here. An answer "absent" then means
"not for you" and never "no such thing". Where it matters what somebody asks for (a draft, what is
somebody else's, a round not on the site), an address has several cases.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.utils import timezone
from wagtail.admin.models import EditingSession
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.models import (
    Collection,
    CollectionViewRestriction,
    Locale,
    Page,
    PageViewRestriction,
    Site,
    Task,
    UploadedFile,
    Workflow,
)
from wagtail_localize.models import (
    OverridableSegment,
    StringSegment,
    Translation,
    TranslationSource,
)

from budgeting import joint_acts, opening
from budgeting.models import Count, Delivery, JointAct, Override, Project, Round
from budgeting.simulator import saving
from budgeting.tally.scenario import Scenario
from commons.models import CommonGood, Neighbourhood
from home.models import HomePage, RioneImage, StandardPage
from residents.models import Roll, RollDoubt, RollEntry, RollImport, User
from tests.factories.budgeting import open_round, ready_round
from tests.factories.residents import UserFactory

from .resolver import Address, addresses
from .table import Key

Parameters = Mapping[str, Any]
QUERY = "?"  # the parameter that is put behind the address


@dataclass(frozen=True)
class Example:
    """One request to try: the row of the table, and where it goes."""

    key: Key
    url: str
    address: Address


class Examples:
    """What addresses name in one database; making it writes what the demonstration lacks."""

    def __init__(self) -> None:
        self.parameters: dict[str, dict[str, Any]] = {}
        self.cases: dict[str, dict[str, dict[str, Any]]] = {}
        for make in (_pages, _files, _translations, _city, _people, _rolls, _rounds, _written_out):
            parameters, cases = make()
            self.parameters |= parameters
            self.cases |= cases

    def __iter__(self) -> Iterator[Example]:
        for address in addresses():
            common = self._common(address)
            for case, own in self._cases(address).items():
                parameters = {**common, **own}
                try:
                    url = parameters.get("path") or address.path(parameters)
                except KeyError as missing:
                    raise LookupError(
                        f"{address.route} ({address.name}) has no example of {missing}: "
                        "add one to tests/addresses/examples.py."
                    ) from missing
                yield Example((address.route, case), url + parameters.get(QUERY, ""), address)

    def _common(self, address: Address) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for start in sorted(self.parameters, key=len):
            if address.name.startswith(start):
                found |= self.parameters[start]
        return found

    def _cases(self, address: Address) -> dict[str, dict[str, Any]]:
        return self.cases.get(address.name) or self.cases.get(address.route) or {"": {}}


Made = tuple[dict[str, dict[str, Any]], dict[str, dict[str, dict[str, Any]]]]


def _pages() -> Made:
    home = HomePage.objects.get(locale__language_code="it")
    live = StandardPage.objects.child_of(home).live().first()
    assert live is not None
    draft = _page(home, "bozza", live=False)
    waiting = _page(home, "in-attesa", live=False)
    private = _page(home, "riservata", live=True)
    draft_revision = draft.save_revision()
    waiting.save_revision()
    editor = User.objects.filter(groups__name="Editors").first()
    restriction = PageViewRestriction.objects.create(
        page=private, restriction_type=PageViewRestriction.PASSWORD, password="parola"
    )
    PageViewRestriction.objects.create(
        page=_page(home, "redazione", live=True), restriction_type=PageViewRestriction.GROUPS
    ).groups.add(Group.objects.get(name="Editors"))
    workflow = Workflow.objects.active().first()
    task = Task.objects.filter(active=True).first()
    assert workflow is not None
    state = workflow.start(waiting, editor)
    waiting.refresh_from_db()
    session = EditingSession.objects.create(
        user=editor,
        content_type=ContentType.objects.get_for_model(StandardPage),
        object_id=draft.pk,
        last_seen_at=timezone.now(),
    )
    Redirect.objects.create(old_path="/vecchia", redirect_page=live)
    kind = {
        "content_type_app_name": "home",
        "content_type_model_name": "standardpage",
        "app_label": "home",
        "model_name": "standardpage",
    }
    parameters: dict[str, dict[str, Any]] = {
        "wagtailadmin_": {
            **kind,
            "pk": draft.pk,
            "page_id": draft.pk,
            "parent_page_id": home.pk,
            "page_to_move_id": draft.pk,
            "destination_id": live.pk,
            "revision_id": draft_revision.pk,
            "revision_id_a": "earliest",
            "revision_id_b": "latest",
        },
        "wagtailadmin_pages:unpublish": {"page_id": live.pk},
        "wagtailadmin_pages:workflow": {"page_id": waiting.pk, "action_name": "approve"},
        "wagtailadmin_pages:collect_workflow": {"page_id": waiting.pk, "action_name": "approve"},
        "wagtailadmin_pages:confirm_workflow": {"page_id": waiting.pk},
        "wagtailadmin_pages:workflow_": {
            "task_state_id": state.current_task_state.pk,
            "workflow_state_id": state.pk,
            "task_id": task.pk,
        },
        "wagtailadmin_pages:collect_": {"task_state_id": state.current_task_state.pk},
        "wagtailadmin_workflows:": {
            "pk": workflow.pk,
            "workflow_pk": workflow.pk,
            "page_pk": Page.objects.get(depth=1).pk,
            "task_id": task.pk,
            "app_label": "wagtailcore",
            "model_name": "groupapprovaltask",
        },
        "wagtailadmin_tag_": {"app_name": "taggit", "model_name": "tag"},
        "wagtailadmin_editing_sessions:": {"object_id": draft.pk, "session_id": session.pk},
        "wagtailadmin_api:pages:action": {"action_name": "publish"},
        "wagtailredirects:": {"redirect_id": Redirect.objects.latest("pk").pk},
        "wagtailcore_": {"page_view_restriction_id": restriction.pk, "page_id": private.pk},
    }
    for name in ("edit_task", "disable_task", "enable_task"):
        parameters[f"wagtailadmin_workflows:{name}"] = {"pk": task.pk}
    by_state: dict[str, dict[str, Any]] = {
        "the home page": {"_0": ""},
        "a published page": {"_0": f"{live.slug}/"},
        "a draft": {"_0": "bozza/"},
        "a page behind a password": {"_0": "riservata/"},
        "a page for editors": {"_0": "redazione/"},
    }
    cases = {"page": by_state, "wagtail_serve": by_state}
    cases["wagtail_bulk_action"] = {
        f"{action} a page": _bulk("wagtailcore", "page", action, draft.pk)
        for action in ("delete", "move", "publish", "unpublish")
    }
    users = {"assign_role": "give a role to", "delete": "delete", "set_active_state": "switch off"}
    resident = User.objects.filter(groups=None).order_by("pk").first()
    image = RioneImage.objects.order_by("pk").first()
    assert resident is not None
    assert image is not None
    for action, words in users.items():
        cases["wagtail_bulk_action"][f"{words} an account"] = _bulk(
            "residents", "user", action, resident.pk
        )
    cases["wagtail_bulk_action"]["delete a picture"] = _bulk(
        "home", "rioneimage", "delete", image.pk
    )
    for model in (Neighbourhood, CommonGood):
        first = model.objects.order_by("pk").first()
        assert first is not None
        cases["wagtail_bulk_action"][f"delete a {model._meta.model_name}"] = _bulk(
            "commons", str(model._meta.model_name), "delete", first.pk
        )
    return parameters, cases


def _page(parent: HomePage, slug: str, *, live: bool) -> StandardPage:
    page = StandardPage(title=slug.capitalize(), slug=slug, live=live)
    parent.add_child(instance=page)
    return page


def _bulk(app: str, model: str, action: str, key: int) -> dict[str, Any]:
    return {"app_label": app, "model_name": model, "action": action, QUERY: f"?id={key}"}


def _files() -> Made:
    image = RioneImage.objects.order_by("pk").first()
    assert image is not None
    document = get_document_model()
    root = Collection.get_first_root_node()
    private = root.add_child(name="Riservata")
    CollectionViewRestriction.objects.create(
        collection=private,
        restriction_type=CollectionViewRestriction.PASSWORD,
        password="parola",
    )
    open_document, private_document = (
        document.objects.create(
            title=name,
            file=ContentFile(b"%PDF-1.4\n%%EOF\n", name=f"{name}.pdf"),
            collection=collection,
        )
        for name, collection in (("verbale", root), ("riservato", private))
    )
    publisher = User.objects.filter(groups__name="Publishers").first()
    uploads = {
        model: UploadedFile.objects.create(
            for_content_type=ContentType.objects.get_for_model(model),
            file=ContentFile(b"nothing", name="upload.txt"),
            uploaded_by_user=publisher,
        )
        for model in (RioneImage, document)
    }
    parameters: dict[str, dict[str, Any]] = {
        "wagtailimages": {
            "image_id": image.pk,
            "pk": image.pk,
            "filter_spec": "original",
            "uploaded_file_id": uploads[RioneImage].pk,
        },
        "wagtailadmin_api:images": {"pk": image.pk},
        "wagtaildocs": {
            "document_id": open_document.pk,
            "doc_id": open_document.pk,
            "pk": open_document.pk,
            "uploaded_file_id": uploads[document].pk,
            "restriction_id": CollectionViewRestriction.objects.get().pk,
        },
        "wagtailadmin_api:documents": {"pk": open_document.pk},
        "wagtailadmin_collections:": {"pk": private.pk, "collection_id": private.pk},
    }
    cases = {
        "wagtaildocs_serve": {
            "a document": {"_0": open_document.pk, "_1": open_document.filename},
            "a document behind a password": {
                "_0": private_document.pk,
                "_1": private_document.filename,
            },
        }
    }
    return parameters, cases


def _translations() -> Made:
    page = StandardPage.objects.get(slug="bozza", locale__language_code="it")
    source, _created = TranslationSource.get_or_create_from_instance(page)
    translation = Translation.objects.create(
        source=source, target_locale=Locale.objects.get(language_code="en")
    )
    translation.save_target()
    string = StringSegment.objects.filter(source=source).first()
    assert string is not None
    override = OverridableSegment.objects.filter(source=source).first()
    if override is None:
        override = OverridableSegment.objects.create(
            source=source, context=string.context, order=1, data_json="null"
        )
    alias = page.get_translation(Locale.objects.get(language_code="en"))
    mirrored = page.create_alias(update_slug="specchio")
    return {
        "wagtail_localize:": {
            "page_id": page.pk,
            "translation_source_id": source.pk,
            "translation_id": translation.pk,
            "string_segment_id": string.pk,
            "overridable_segment_id": override.pk,
            "mode": "",
            "app_label": "commons",
            "model_name": "neighbourhood",
            "pk": Neighbourhood.objects.order_by("pk").values_list("pk", flat=True)[0],
        },
        "wagtail_localize:convert": {"page_id": alias.pk},
        "wagtailadmin_pages:convert_alias": {"page_id": mirrored.pk},
    }, {}


def _city() -> Made:
    place = Neighbourhood.objects.order_by("pk")[0]
    good = CommonGood.objects.order_by("pk")[0]
    site = Site.objects.get()
    locale = Locale.objects.get(language_code="en")
    parameters: dict[str, dict[str, Any]] = {
        "commons:neighbourhood": {"slug": place.slug},
        "commons:good": {"slug": good.slug},
        "wagtailsites:": {"pk": site.pk},
        "wagtaillocales:": {"pk": locale.pk},
        "wagtailsettings:": {"app_name": "home", "model_name": "citysettings", "pk": site.pk},
    }
    for prefix in ("wagtailsnippets_", "wagtailsnippetchoosers_"):
        parameters[f"{prefix}commons_neighbourhood"] = {"pk": place.pk}
        parameters[f"{prefix}commons_commongood"] = {"pk": good.pk}
    return parameters, {}


def _people() -> Made:
    # Who works here has a second factor, which can be shown again or removed.
    for person in User.objects.exclude(groups=None):
        TOTP.activate(person, "JBSWY3DPEHPK3PXP")
    resident = User.objects.filter(groups=None).order_by("-pk")[0]
    colleague = User.objects.filter(groups__name="Editors")[0]
    every_right = UserFactory(superuser=True, email="superuser@example.org")
    whose = {
        "a resident": {"pk": resident.pk},
        "somebody who works here": {"pk": colleague.pk},
        "somebody with every right": {"pk": every_right.pk},
    }
    parameters: dict[str, dict[str, Any]] = {
        "wagtailusers_groups:": {"pk": Group.objects.get(name="Editors").pk},
        "openid_connect": {"provider_id": "identity"},
        "wagtailadmin_password_reset_confirm": {"uidb64": "MQ", "token": "set-password"},
    }
    cases = {
        f"wagtailusers_users:{name}": whose
        for name in ("edit", "delete", "history", "usage", "copy", "history_results")
    }
    return parameters, cases


def _rolls() -> Made:
    roll = Roll.objects.order_by("pk")[0]
    entry, other = RollEntry.objects.filter(roll=roll).order_by("pk")[:2]
    doubt = RollDoubt.objects.create(
        roll=roll, kind=RollDoubt.Kind.NAMESAKE, first=entry, second=other
    )
    imported = RollImport.objects.create(
        id=UUID(int=1),
        roll=roll,
        state=RollImport.State.FAULTY,
        started_by=User.objects.filter(groups__name="Coordinators")[0],
    )
    return {
        "rolls:": {"pk": roll.pk},
        "rolls:import": {"pk": imported.pk},
        "rolls:discard": {"pk": imported.pk},
        "rolls:entry": {"pk": entry.pk},
        "rolls:doubt": {"pk": doubt.pk},
        "residents_roll_": {"instance_pk": roll.pk},
        "residents_rollentry_": {"instance_pk": entry.pk},
        "residents_rolldoubt_": {"instance_pk": doubt.pk},
    }, {}


def _rounds() -> Made:
    """Take the round in preparation and a published one; open one, and hide one of each."""
    coordinator = User.objects.filter(groups__name="Coordinators")[0]
    rounds = Round.objects.public().order_by("pk")
    prepared = rounds.filter(state=Round.State.PREPARATION)[0]
    opened = open_round(ready_round(slug="aperto"))
    hidden = open_round(ready_round(slug="nascosto"))
    delivery = Delivery.objects.filter(is_public=True).order_by("pk")[0]
    published, hidden_result = (
        Count.objects.filter(published_at__isnull=False)
        .select_related("contest__scope__round")
        .order_by("pk")[:2]
    )
    unseen = hidden_result.contest.scope.round
    Delivery.objects.create(project=_first_project(unseen), promised=1)
    Round.objects.filter(pk__in=[hidden.pk, unseen.pk]).update(is_public=False)
    ready = ready_round(slug="pronto")
    act = joint_acts.request_act(
        round=ready,
        kind=JointAct.Kind.OPENING,
        by=coordinator,
        parameters=opening.parameters_for(ready),
    )
    simulation = saving.create_from_contest(contest=published.contest, name="Prova", by=None)
    saving.save_scenario(simulation=simulation, scenario=Scenario(max_length=1), by=None)
    note = Override.objects.select_related("contest__scope")[0]
    parameters: dict[str, dict[str, Any]] = {
        "rounds_admin:act": {"pk": act.pk},
        "rounds_admin:decision_revoke": {
            "pk": note.contest.scope.round_id,
            "override_pk": note.pk,
        },
        "rounds_admin:record_file": {
            "pk": published.contest.scope.round_id,
            "count_pk": published.pk,
            "name": "record.json",
        },
        "schema": {"name": "record"},
        "simulations_admin:": {"pk": simulation.pk, "position": 1},
        "budgeting_delivery_": {"instance_pk": delivery.pk},
    }
    cases: dict[str, dict[str, dict[str, Any]]] = {}
    for address in addresses():
        name = address.name
        if name.startswith("rounds_admin:") and "<int:pk>" in address.route:
            if name not in parameters:
                cases[name] = {"in preparation": _inside(prepared), "opened": _inside(opened)}
        elif name in ("budgeting:deliveries", "budgeting:delivery"):
            cases[name] = {
                "on the site": {
                    "slug": delivery.project.round.slug,
                    "number": delivery.project.number,
                },
                "not on the site": {"slug": unseen.slug, "number": _first_project(unseen).number},
            }
        elif name.startswith(("budgeting:result", "budgeting:why", "result_")):
            cases[name] = {
                "on the site": _of_result(published),
                "not on the site": _of_result(hidden_result),
            }
        elif name.startswith("budgeting:") and "<slug:slug>" in address.route:
            number = 0 if name == "budgeting:frozen_rules" else 1
            cases[name] = {
                "on the site": {"slug": opened.slug, "number": number},
                "not on the site": {"slug": hidden.slug, "number": number},
            }
    return parameters, cases


def _inside(round: Round) -> dict[str, Any]:
    project = _first_project(round)
    return {"pk": round.pk, "scope_pk": project.contest.scope_id, "project_pk": project.pk}


def _of_result(count: Count) -> dict[str, Any]:
    project = count.contest.projects.order_by("number")[0]
    return {
        "slug": count.contest.scope.round.slug,
        "contest": count.contest.slug,
        "number": project.number,
        "name": "record.json",
    }


def _first_project(round: Round) -> Project:
    return Project.objects.filter(round=round).select_related("contest").order_by("number")[0]


def _written_out() -> Made:
    # Its pattern fits anything below the admin.
    return {}, {"admin/.*/": {"": {"path": "/admin/no-such-page/"}}}
