"""Counting library for participatory budgeting: reads ballots, counts exactly, explains.

It needs neither Django nor a database nor a clock, and uses no randomness that is not given:

>>> from budgeting.tally import Rule, count, read_election
>>> reading = read_election("election.pb")  # doctest: +SKIP
>>> count(reading.election, Rule.from_file(reading.election.meta)).winners  # doctest: +SKIP
"""

from .ballots import BallotArrays, BallotGroup, Ballots
from .count import check_rule, count
from .election import (
    Election,
    ElectionError,
    Limits,
    Project,
    VoteType,
    canonical_ballot,
    group_ballots,
)
from .figures import Figures, figures_of
from .fingerprint import inputs_sha256
from .measures import AreaMoney, Difference, Measures, compare, measure
from .messages import PabulibError, ReadWarning
from .outcome import (
    AreaCount,
    ComparisonResult,
    Dropped,
    GreedyStep,
    NotFunded,
    Outcome,
    Payers,
    PhragmenStep,
    Reason,
    RunnerUp,
    Savers,
    Scan,
    SharesStep,
    Step,
)
from .outcome_reader import OutcomeError, read_outcome
from .overrides import Override, OverrideError, OverrideKind, apply_overrides
from .pabulib_reader import PabulibFile, ParsedBallot, Reading, open_pabulib, read_election
from .pabulib_writer import Totals, pabulib_rows, write_election, write_pabulib
from .paying import Payment, payments
from .replaying import Disagreement, Replay, detailed, replay
from .report import describe_rule, report
from .rules import (
    PABULIB_RULES,
    Areas,
    Comparison,
    Compat,
    Completion,
    Eligibility,
    Method,
    Order,
    Overflow,
    Rule,
    RuleError,
    Start,
    Stop,
    Ties,
    Utility,
    ratio,
)
from .sufficing import Change, Sufficing, what_would_suffice
from .ties import Draw, TieBreak, TieOrder, UndecidedTieError

__all__ = [
    "PABULIB_RULES",
    "AreaCount",
    "AreaMoney",
    "Areas",
    "BallotArrays",
    "BallotGroup",
    "Ballots",
    "Change",
    "Comparison",
    "ComparisonResult",
    "Compat",
    "Completion",
    "Difference",
    "Disagreement",
    "Draw",
    "Dropped",
    "Election",
    "ElectionError",
    "Eligibility",
    "Figures",
    "GreedyStep",
    "Limits",
    "Measures",
    "Method",
    "NotFunded",
    "Order",
    "Outcome",
    "OutcomeError",
    "Overflow",
    "Override",
    "OverrideError",
    "OverrideKind",
    "PabulibError",
    "PabulibFile",
    "ParsedBallot",
    "Payers",
    "Payment",
    "PhragmenStep",
    "Project",
    "ReadWarning",
    "Reading",
    "Reason",
    "Replay",
    "Rule",
    "RuleError",
    "RunnerUp",
    "Savers",
    "Scan",
    "SharesStep",
    "Start",
    "Step",
    "Stop",
    "Sufficing",
    "TieBreak",
    "TieOrder",
    "Ties",
    "Totals",
    "UndecidedTieError",
    "Utility",
    "VoteType",
    "apply_overrides",
    "canonical_ballot",
    "check_rule",
    "compare",
    "count",
    "describe_rule",
    "detailed",
    "figures_of",
    "group_ballots",
    "inputs_sha256",
    "measure",
    "open_pabulib",
    "pabulib_rows",
    "payments",
    "ratio",
    "read_election",
    "read_outcome",
    "replay",
    "report",
    "what_would_suffice",
    "write_election",
    "write_pabulib",
]
