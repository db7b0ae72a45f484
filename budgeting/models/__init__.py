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
from .delivery import Delivery, DeliveryPhoto, Expense, Milestone
from .imports import ImportedContest, ImportedProject
from .overrides import AddendumFile, Override, RecordAddendum
from .projects import Project
from .records import CountRun, RecordFile, RecordPart
from .results import Count, Insight, ResultRow, TurnoutTable
from .rounds import Contest, Criterion, FrozenRules, Hold, Phase, Round, Scope
from .simulations import SimulatedScenario, Simulation, SimulationFile

__all__ = [
    "AddendumFile",
    "Annulment",
    "Ballot",
    "Box",
    "Channel",
    "Checkpoint",
    "Contest",
    "Count",
    "CountRun",
    "Criterion",
    "Delivery",
    "DeliveryPhoto",
    "Expense",
    "FrozenRules",
    "Hold",
    "ImportedContest",
    "ImportedProject",
    "Insight",
    "JointAct",
    "Leaf",
    "Milestone",
    "Override",
    "PaperAccount",
    "Phase",
    "Project",
    "RecordAddendum",
    "RecordFile",
    "RecordPart",
    "RegisterMark",
    "ResultRow",
    "Round",
    "Scope",
    "Seal",
    "SealedChoices",
    "SealedCommitment",
    "SealedTotal",
    "SimulatedScenario",
    "Simulation",
    "SimulationFile",
    "TurnoutTable",
]
