"""What the permissions of the budget mean for the roles."""

from django.utils.translation import gettext_lazy as _

from residents import roles

roles.grant(roles.COORDINATORS, "budgeting.coordinate_round", "budgeting.change_delivery")
roles.grant(roles.GUARANTORS, "budgeting.guarantee_round")
roles.keep_apart(
    "budgeting.coordinate_round",
    "budgeting.guarantee_round",
    why=_("Nobody is both coordinator and guarantor: each signs what the other asks for."),
)
