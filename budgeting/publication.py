"""Publishing a result: a coordinator and a guarantor sign the count records, in either order.

What is signed is named exactly: each count with the SHA-256 of its record. The database lets no
count of this city's votes be published that such an act does not name.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from home.errors import DomainError

from .delivering import start_deliveries
from .joint_acts import EITHER_THEN_THE_OTHER, Effect
from .models import Contest, Count, JointAct, Round
from .moving_money import budget_with_moved_money
from .recording import file_of
from .tally.kit_files import RECORD


class PublicationRefused(DomainError):
    """A result that cannot be published."""


def parameters_for(round: Round) -> dict[str, dict[str, str]]:
    """Return what a request to publish carries: count by count, the SHA-256 of its record.

    Raises PublicationRefused while a contest is not counted.
    """
    return {"counts": {str(count.pk): file_of(count, RECORD).sha256 for count in _latest(round)}}


def check(act: JointAct) -> None:
    """Raise PublicationRefused unless the round is counted, and as when this was asked for."""
    if not act.reason:
        raise PublicationRefused(_("Write the reason: it stays in the log."), field="reason")
    if act.round.state not in (Round.State.COUNTED, Round.State.PUBLISHED):
        raise PublicationRefused(_("A result is published after the count of every contest."))
    if act.parameters != parameters_for(act.round):
        raise PublicationRefused(
            _(
                "The round was counted again after the publication was asked for. Refuse this "
                "request, read the new records and ask anew."
            )
        )
    if all(count.published_at for count in _latest(act.round)):
        raise PublicationRefused(_("This result is already published."))


def apply(act: JointAct) -> None:
    """Publish what was signed."""
    publish(round_=act.round)


@transaction.atomic
def publish(*, round_: Round) -> None:
    """Make the latest count of every contest the published one, and the round's result public.

    From then on the funded projects of this city's own rounds have a work to follow. Two people
    sign for it (`EFFECT`), which a database trigger asks for. Imported votes need none: they were
    decided elsewhere or long ago, and what is published is our recount, which anybody can repeat.
    Raises PublicationRefused when a contest was not counted.
    """
    now = timezone.now()
    for latest in _latest(round_):
        others = Count.objects.filter(contest=latest.contest_id, published_at__isnull=False)
        others.exclude(pk=latest.pk).update(published_at=None)
        Count.objects.filter(pk=latest.pk, published_at__isnull=True).update(published_at=now)
    Round.objects.filter(pk=round_.pk, state=Round.State.COUNTED).update(
        state=Round.State.PUBLISHED
    )
    if not round_.is_from_elsewhere:
        start_deliveries(round_=round_)


def details(act: JointAct) -> list[tuple[Any, Any]]:
    """Return the records that are signed for, by contest."""
    counts = Count.objects.filter(pk__in=act.parameters["counts"]).select_related("contest")
    return [
        (
            _("Record of “%(contest)s”, SHA-256") % {"contest": count.contest},
            act.parameters["counts"][str(count.pk)],
        )
        for count in counts.order_by("contest__scope__position", "contest__position", "contest_id")
    ]


def context(act: JointAct) -> Mapping[str, Any]:
    """Return the counts that the act names, whose records the second person reads.

    Not the latest: somebody may have counted again since, and what is shown is what is signed.
    """
    counts = Count.objects.filter(pk__in=act.parameters["counts"]).defer("outcome")
    return {
        "counts": counts.select_related("contest__scope__round").order_by(
            "contest__scope__position", "contest__position", "contest_id"
        )
    }


def _latest(round: Round) -> list[Count]:
    """Return the latest count of every contest.

    Raises PublicationRefused where there is none, and where one was counted with another budget
    than what has come to its contest since.
    """
    contests = Contest.objects.filter(scope__round=round).count()
    found = list(Count.objects.latest_of(round))
    if not found or len(found) < contests:
        raise PublicationRefused(_("A result is published after the count of every contest."))
    for count in found:
        if count.budget != budget_with_moved_money(count.contest):
            raise PublicationRefused(
                _("The money that moves on to “%(contest)s” has changed: count it again.")
                % {"contest": count.contest}
            )
    return found


EFFECT = Effect(
    check=check,
    apply=apply,
    details=details,
    context=context,
    template="budgeting/admin/publication_details.html",
    signers=EITHER_THEN_THE_OTHER,
)
