"""A minute of damaged files for the reader: each is read or refused, none makes it stumble.

Files are made from good ones of every ballot type by cutting, doubling, swapping and overwriting
pieces. Anything but an election or a :class:`PabulibError` ends the run with the file kept in var/.
RIONE_FUZZ_SECONDS and RIONE_FUZZ_SEED say how long and from which number.
"""

import io
import os
import random
import sys
import time
from pathlib import Path

from budgeting.tally import PabulibError, VoteType, open_pabulib, read_election

SECONDS = float(os.environ.get("RIONE_FUZZ_SECONDS", "60"))
SEED = int(os.environ.get("RIONE_FUZZ_SEED", "1"))
CULPRIT = Path("var/fuzz-culprit.pb")

HEAD = """META
key;value
description;Municipal PB in Fontelieta
country;Italy
unit;Fontelieta
instance;2026
num_projects;3
num_votes;4
budget;1000.50
vote_type;{type}
rule;greedy
date_begin;01.03.2026
date_end;2026
min_length;1
max_length;3
max_points;9
max_sum_points;12
default_score;0
PROJECTS
project_id;cost;votes;score;name;category;selected;neighborhood
P/1;400;3;7;"Alberi; in piazza";green,public;1;Borgo
P/2;500.25;2;4;Panchine;;1;
P/3;999999999;1;2;Fontana;;0;Riva
VOTES
voter_id;vote;points;age
"""
VOTES = {
    True: "1;P/1,P/2;3,2;34\n2;P/1;4;\n3;P/3,P/1;1,2;61\n4;P/2;2;18\n",
    False: "1;P/1,P/2;;34\n2;P/1;;\n3;P/3,P/1;;61\n4;P/2;;18\n",
}
PIECES = [
    b";", b",", b"\n", b"\r", b"\r\n", b'"', b'""', b"\xff", b"\x00", b"\xef\xbb\xbf", b"-", b".",
    b"0", b"1e9", b"9" * 40, b"NaN", b"VOTES\n", b"PROJECTS", b"P/1", b" ", b"\xc2\xa0",
    b"\xe2\x80\xa8", b"ordinal", b"scoring", b"cumulative", b"choose-1", b"approval",
    b"\x1c", b"\x85", b"\xd9\xa3",
]  # fmt: skip


def main() -> None:
    """Damage files until the time is over; print how many were read and how many refused."""
    chance = random.Random(SEED)
    good = [(HEAD.format(type=kind.value) + VOTES[kind.has_points]).encode() for kind in VoteType]
    read = refused = 0
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        data = _damaged(chance.choice(good), chance)
        try:
            if chance.random() < 0.5:
                read_election(io.BytesIO(data))
            else:
                list(open_pabulib(io.BytesIO(data)).ballots())
            read += 1
        except PabulibError as error:
            str(error)
            refused += 1
        except Exception:
            CULPRIT.parent.mkdir(exist_ok=True)
            CULPRIT.write_bytes(data)
            print(f"the reader stumbled over {CULPRIT}", file=sys.stderr)
            raise
    print(
        f"{read + refused:,} damaged files in {SECONDS:.0f} s: {read:,} read, {refused:,} refused"
    )


def _damaged(data: bytes, chance: random.Random) -> bytes:
    for _turn in range(chance.choice([1, 1, 1, 2, 3, 8])):
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.choice([0, 1, 2, 5, 20, 100]))
        what = chance.randrange(4)
        if what == 0:
            data = data[:start] + chance.choice(PIECES) + data[end:]
        elif what == 1:
            data = data[:start] + data[end:]
        elif what == 2:
            data = data[:end] + data[start:]
        else:
            other = chance.randrange(len(data) + 1)
            data = data[:other] + data[start:end] + data[other:]
    return data


if __name__ == "__main__":
    main()
