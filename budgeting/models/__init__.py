"""The tables of the participatory budget."""

from .acts import JointAct
from .box import (
    Annulment,
    Ballot,
    Box,
    Channel,
    Checkpoint,
    Leaf,
    PaperAccount,
    RegisterMark,
    Seal,
    SealedChoices,
    SealedCommitment,
    SealedTotal,
)
from .projects import Project
from .rounds import Contest, Criterion, FrozenRules, Hold, Phase, Round, Scope

__all__ = [
    "Annulment",
    "Ballot",
    "Box",
    "Channel",
    "Checkpoint",
    "Contest",
    "Criterion",
    "FrozenRules",
    "Hold",
    "JointAct",
    "Leaf",
    "PaperAccount",
    "Phase",
    "Project",
    "RegisterMark",
    "Round",
    "Scope",
    "Seal",
    "SealedChoices",
    "SealedCommitment",
    "SealedTotal",
]
