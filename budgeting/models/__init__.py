"""The tables of the participatory budget."""

from .acts import JointAct
from .projects import Project
from .rounds import Contest, Criterion, FrozenRules, Hold, Phase, Round, Scope

__all__ = [
    "Contest",
    "Criterion",
    "FrozenRules",
    "Hold",
    "JointAct",
    "Phase",
    "Project",
    "Round",
    "Scope",
]
