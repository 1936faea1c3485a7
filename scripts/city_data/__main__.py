"""python -m scripts.city_data --folder DIR [--complaints N]: makes the city, or goes on where it was stopped."""

import argparse
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from scripts.city_data.plan import OPEN_EVERY, Plan, midnight
from scripts.city_data.server import use

OPEN = 4_000


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m scripts.city_data", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="of the database, outside the repository")
    parser.add_argument("--complaints", type=int, default=1_000_000)
    parser.add_argument("--open", type=int, help=f"how many of them are open ({OPEN}, or a third)")
    parser.add_argument("--days", type=int, default=1095, help="over how long they were opened (three years)")
    parser.add_argument("--until", type=midnight, help="the city's present, as 2026-03-02 (today)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    return parser.parse_args()


def main() -> int:
    """Makes what is missing."""
    options = arguments()
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    plan = Plan(
        seed=options.seed,
        complaints=options.complaints,
        open_count=min(OPEN, options.complaints // OPEN_EVERY) if options.open is None else options.open,
        until=options.until or today,
        days=options.days,
    )
    began = time.monotonic()
    url = use(options.folder)
    from scripts.city_data.building import NotThisCity, build  # noqa: PLC0415 — Django must know its database first
    from scripts.city_data.loading import tidy_up  # noqa: PLC0415

    try:
        for done in build(plan, options.jobs):
            sys.stderr.write(f"\r{done} of {plan.batches} pieces, {time.monotonic() - began:.0f} s ")
            sys.stderr.flush()
    except NotThisCity as error:
        sys.stderr.write(f"{error}\n")
        return 1
    tidy_up()
    sys.stderr.write(f"\n{plan.complaints} complaints until {plan.until:%F} in {url}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
