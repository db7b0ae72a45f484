"""The past elections that are measured, and how one is counted in a process of its own."""

import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

SMALL = (
    "Netherlands_Assen_2024",
    "Poland_Swiecie_2023",
    "Poland_Wieliczka_2023_Green_Budget",
)
LARGE = (
    "Poland_Warszawa_2023_Mokotow",
    "Poland_Warszawa_2020_Praga-Poludnie",
    "Hungary_Budapest_2024",
    "Poland_Lodz_2022",
    "Poland_Warszawa_2026",
    "Poland_Warszawa_2024",
)
OTHER_BALLOTS = (
    "Poland_Krakow_2024",
    "Poland_Katowice_2023",
    "Poland_Wroclaw_2015_150_-_500",
)


def folder() -> Path | None:
    """Give the folder of past elections, or say that nothing can be measured without it."""
    name = os.environ.get("RIONE_ELECTIONS")
    if not name:
        print("not measured: set RIONE_ELECTIONS to a folder of past elections")
        return None
    return Path(name)


def measure(command: list[str], seconds: int | None = None) -> dict[str, Any] | None:
    """Run a command that prints one line of JSON.

    None when it needs more than so many ``seconds`` of the processor (of its own: what else the
    machine does at the time does not matter).
    """

    def limit() -> None:
        if seconds is not None:
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))

    done = subprocess.run(command, capture_output=True, text=True, preexec_fn=limit, check=False)
    if seconds is not None and done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        return None
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1])
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def count_here(path: Path, rule: str) -> dict[str, Any]:
    """Read and count a file with this library, in a process of its own."""
    found = measure([sys.executable, "-m", "benchmarks._tally_work", str(path), rule])
    assert found is not None
    return found
