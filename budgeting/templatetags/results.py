"""What pages of rounds and projects show of a published result."""

from typing import Any

from django import template

from budgeting.models import Delivery, Project, Round
from budgeting.result_pages import project_outcome

register = template.Library()


@register.inclusion_tag("budgeting/project_outcome.html")
def outcome_of(project: Project) -> dict[str, Any]:
    """Say whether the project was funded and why; nothing before the result is out.

    Three queries once it is out, none before.
    """
    if project.round.state != Round.State.PUBLISHED:
        return {"outcome": None}
    return {
        "project": project,
        "round": project.round,
        "outcome": project_outcome(project),
        "is_followed": Delivery.objects.filter(project=project, is_public=True).exists(),
    }
