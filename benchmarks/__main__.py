"""Run every benchmark of this folder and print the machine's load with the figures."""

import importlib
import os
import pkgutil
import sys
from pathlib import Path


def main() -> None:
    wanted = set(sys.argv[1:])
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if module.name.startswith("_") or (wanted and module.name not in wanted):
            continue
        load = os.getloadavg()[0]
        print(f"\n== {module.name} (load of the machine: {load:.1f} on {os.cpu_count()} cores)")
        importlib.import_module(f"benchmarks.{module.name}").main()


if __name__ == "__main__":
    main()
