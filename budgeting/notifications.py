"""What the budget tells people by e-mail, once what happened is committed."""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from residents.mail import send
from residents.models import User

from .models import JointAct, Project

logger = logging.getLogger(__name__)


def people_with(permission: str) -> list[User]:
    """Return who has a permission by name or by group; administrators have none of their own."""
    label, codename = permission.split(".")
    named = Q(
        user_permissions__codename=codename, user_permissions__content_type__app_label=label
    ) | Q(
        groups__permissions__codename=codename,
        groups__permissions__content_type__app_label=label,
    )
    return list(User.objects.filter(named, is_active=True).distinct().order_by("pk"))


def tell_about_act(act_pk: int, permission: str) -> None:
    """Tell those with the other role that an act waits for them, or how it was decided."""
    act = JointAct.objects.select_related("round", "requested_by", "decided_by").get(pk=act_pk)
    signer = act.decided_by or act.requested_by
    project = Project.objects.filter(pk=act.parameters.get("project")).first()
    url = settings.WAGTAILADMIN_BASE_URL.rstrip("/") + reverse("rounds_admin:act", args=[act.pk])
    for person in people_with(permission):
        if person.pk == signer.pk:
            continue
        try:
            send(
                template="budgeting/email/act",
                to=person.email,
                language=person.language,
                context={"act": act, "project": project, "signer": signer, "url": url},
            )
        except (OSError, SMTPException):
            # The act waits in the admin whoever has been told; the others still are.
            logger.exception("person %s could not be told of act %s", person.pk, act.pk)
