"""How long a real election takes to import, and how much memory an export takes.

Needs the folder of past elections in RIONE_ELECTIONS. Everything happens in a transaction that is
rolled back: nothing is left in the database.
"""

import os
import time
import tracemalloc
from pathlib import Path

FILE = "Poland_Lodz_2022.pb"
AT_MOST_SECONDS = 120
AIM_SECONDS = 20


def main() -> None:
    """Print the figures."""
    folder = os.environ.get("RIONE_ELECTIONS")
    if not folder:
        print("not measured: set RIONE_ELECTIONS to a folder of past elections")
        return
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    django.setup()
    from django.db import transaction

    with transaction.atomic():
        _measure(Path(folder) / FILE)
        transaction.set_rollback(True)


def _measure(path: Path) -> None:
    from budgeting.exporting import pabulib_pieces
    from budgeting.importing import RoundFacts, SourceFile, import_round
    from budgeting.models import Count

    start = time.monotonic()
    processor = time.process_time()
    round_ = import_round(files=[SourceFile(path)], facts=RoundFacts(name="Benchmark of imports"))
    seconds, processor = time.monotonic() - start, time.process_time() - processor
    count = Count.objects.select_related("contest__scope__round").get(contest__scope__round=round_)
    print(
        f"import of {count.ballots:,} ballots, counted and published: {seconds:.1f} s, "
        f"{processor:.1f} s of processor (at most {AT_MOST_SECONDS} s, aim {AIM_SECONDS} s)"
    )
    start = time.monotonic()
    size = sum(len(piece) for piece in pabulib_pieces(count))
    print(f"export: {size / 1e6:.1f} MB in {time.monotonic() - start:.1f} s")
    tracemalloc.start()
    for _piece in pabulib_pieces(count):
        pass
    print(f"memory of the export at its peak: {tracemalloc.get_traced_memory()[1] / 1e6:.1f} MB")
    tracemalloc.stop()
