"""Following funded projects: from the publication of a result each has a work to follow."""

from django.db import transaction

from .models import Delivery, ResultRow, Round


@transaction.atomic
def start_deliveries(*, round_: Round) -> int:
    """Start a delivery for every project that a published count of this round funds.

    Deliveries already there stay as they are. Returns how many were started.
    """
    rows = ResultRow.objects.filter(
        count__contest__scope__round=round_,
        count__published_at__isnull=False,
        reason=ResultRow.Reason.FUNDED,
        project__delivery__isnull=True,
    ).select_related("project")
    started = Delivery.objects.bulk_create(
        Delivery(project=row.project, promised=row.project.cost) for row in rows
    )
    return len(started)
