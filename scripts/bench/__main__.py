"""python -m scripts.bench [--rounds N]: prints the tables of docs/benchmarks.md as measured here and now."""

import argparse
import os
import platform
import sys

from scripts.bench.keeping import wall_ms
from scripts.bench.looking import comparisons


def main() -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    sys.stdout.write(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}\n\n")
    sys.stdout.write("| what | ours (CPU) | peer (CPU) | per | peer ÷ ours |\n|---|---|---|---|---|\n")
    for comparison in comparisons(rounds):
        sys.stdout.write(comparison.row() + "\n")
        sys.stdout.flush()
    sys.stdout.write("\n| what | ms an event (wall) |\n|---|---|\n")
    for name, milliseconds in wall_ms():
        sys.stdout.write(f"| {name} | {milliseconds:.2f} |\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
