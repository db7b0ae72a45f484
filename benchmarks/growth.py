"""How reading and counting grow with ballots, projects and different ballots; with a picture.

Elections are generated, each counted in a process of its own. The picture is var/growth.svg.
"""

import math
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks._elections import count_here

BALLOTS, PROJECTS = 100_000, 100
SERIES: dict[str, list[tuple[int, int, int]]] = {
    "ballots": [(number, 300, number) for number in (10_000, 100_000, 1_000_000)],
    "projects": [(BALLOTS, number, BALLOTS) for number in (30, 100, 300)],
    "different ballots": [(BALLOTS, PROJECTS, number) for number in (1_000, 10_000, 100_000)],
}
"""Ballots, projects and different ballots at most, by what grows."""
RULES = ("greedy", "phragmen", "equalshares")
PICTURE = Path("var/growth.svg")
COLOURS = ("#06c", "#b30", "#083", "#555")


def main() -> None:
    """Print the table and draw the picture."""
    print(f"{'grows':<20}{'ballots':>10}{'projects':>10}{'different':>11}", end="")
    print(f"{'read s':>9}" + "".join(f"{rule + ' s':>15}" for rule in RULES) + f"{'MB':>7}")
    lines: dict[str, list[dict[str, float]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "generated.pb"
        for grows, sizes in SERIES.items():
            for size in sizes:
                with path.open("w", encoding="utf-8") as stream:
                    stream.writelines(_election(*size))
                found = {rule: count_here(path, rule) for rule in RULES}
                lines.setdefault(grows, []).append(_print(grows, size, found))
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(_picture(lines), encoding="utf-8")
    print(f"picture: {PICTURE}")


def _print(
    grows: str, size: tuple[int, int, int], found: dict[str, dict[str, Any]]
) -> dict[str, float]:
    reading = min(each["reading"] for each in found.values())
    megabytes = max(each["megabytes"] for each in found.values())
    print(f"{grows:<20}{size[0]:>10,}{size[1]:>10,}{size[2]:>11,}{reading:>9.2f}", end="")
    print("".join(f"{found[rule]['counting']:>15.3f}" for rule in RULES), end="")
    print(f"{megabytes:>7.0f}", flush=True)
    at = float(size[list(SERIES).index(grows)])
    return {"at": at, "read": reading, **{rule: found[rule]["counting"] for rule in RULES}}


def _election(ballots: int, projects: int, different: int) -> Iterator[str]:
    """Write an election with popular and unpopular projects and one to ten choices a ballot."""
    chance = np.random.default_rng(20260315)
    costs = chance.integers(5_000, 500_000, projects)
    meta = {
        "description": "Generated",
        "country": "Italy",
        "unit": "Fontelieta",
        "instance": "2026",
        "num_projects": projects,
        "num_votes": ballots,
        "budget": int(costs.sum()) // 4,
        "vote_type": "approval",
        "rule": "unknown",
        "date_begin": 2026,
        "date_end": 2026,
    }
    yield "META\nkey;value\n"
    yield from (f"{key};{value}\n" for key, value in meta.items())
    yield "PROJECTS\nproject_id;cost\n"
    yield from (f"P{number};{cost}\n" for number, cost in enumerate(costs.tolist()))
    yield "VOTES\nvoter_id;vote\n"
    weights = 1 / np.arange(3, projects + 3)
    lengths = chance.integers(1, 11, different)
    chosen = chance.choice(projects, size=int(lengths.sum()), p=weights / weights.sum())
    names = [f"P{number}" for number in range(projects)]
    pieces = np.split(chosen, np.cumsum(lengths)[:-1])
    cells = [",".join([names[at] for at in dict.fromkeys(piece.tolist())]) for piece in pieces]
    for voter in range(ballots):
        yield f"{voter};{cells[voter % different]}\n"


def _picture(lines: dict[str, list[dict[str, float]]]) -> str:
    """Draw seconds against size, both in powers of ten, one panel for each thing that grows."""
    parts = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 360" font-size="12">']
    for panel, (grows, points) in enumerate(lines.items()):
        left = 50 + 310 * panel
        low, high = math.log10(points[0]["at"]), math.log10(points[-1]["at"])
        parts.append(f'<text x="{left}" y="20">seconds, by number of {grows}</text>')
        for power in range(-4, 3):
            y = 40 + 40 * (2 - power)
            parts.append(f'<path d="M{left} {y}h250" stroke="#ddd"/>')
            parts.append(f'<text x="{left - 4}" y="{y + 4}" text-anchor="end">1e{power}</text>')
        for name, colour in zip(("read", *RULES), COLOURS, strict=True):
            spots = [
                (
                    left + 250 * (math.log10(point["at"]) - low) / (high - low),
                    40 + 40 * (2 - math.log10(max(point[name], 1e-4))),
                )
                for point in points
            ]
            path = "L".join(f"{x:.0f} {y:.0f}" for x, y in spots)
            parts.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
            x, y = spots[-1]
            parts.append(f'<text x="{x + 4:.0f}" y="{y:.0f}" fill="{colour}">{name}</text>')
        for point in points:
            x = left + 250 * (math.log10(point["at"]) - low) / (high - low)
            parts.append(
                f'<text x="{x:.0f}" y="300" text-anchor="middle">{point["at"]:,.0f}</text>'
            )
    return "\n".join([*parts, "</svg>\n"])


if __name__ == "__main__":
    main()
