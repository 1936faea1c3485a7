"""python -m scripts.demo [--until-complaints N] [--json]: the way from a camera to a complaint, on this machine."""

import argparse
import json
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from scripts.demo.city import FOLDER, City
from scripts.demo.processes import DemoError
from scripts.demo.progress import Progress

LIMIT_S = 300.0
POLL_S = 1.0


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("--until-complaints", type=int, metavar="N", help="exit 0 once N complaints are open")
    parser.add_argument("--json", action="store_true", help="last line of the output: a JSON object")
    parser.add_argument("--port", type=int, default=8080, help="of the page (8080)")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="for data and logs, emptied first (var/demo)")
    return parser.parse_args()


def main() -> int:
    """Runs the demo; returns the exit status."""
    options = arguments()
    for number in (signal.SIGINT, signal.SIGTERM):  # SIGINT too: a shell's background jobs begin with it ignored
        signal.signal(number, _interrupt)
    began = time.monotonic()
    try:
        with Progress() as progress, City(port=options.port, folder=options.folder.resolve()) as city:
            city.build(progress.step)
            progress.announce(city.page, city.logins)
            complaints = _watch(city, progress, options.until_complaints)
    except DemoError as error:
        sys.stderr.write(f"demo: {error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("demo: stopped\n")
        return 0 if options.until_complaints is None else 130
    if options.json:
        kinds = sorted({complaint["kind"] for complaint in complaints})
        seconds = round(time.monotonic() - began, 1)
        sys.stdout.write(json.dumps({"complaints": len(complaints), "kinds": kinds, "seconds": seconds}) + "\n")
    return 0


def _watch(city: City, progress: Progress, wanted: int | None) -> list[dict[str, str]]:
    """Shows what happens until there are enough complaints, or for ever."""
    deadline = time.monotonic() + LIMIT_S
    while True:
        city.processes.check_alive()
        complaints = city.complaints()
        progress.show(complaints)
        if wanted is not None:
            opened = [complaint for complaint in complaints if complaint["open"]]
            if len(opened) >= wanted:
                return opened
            if time.monotonic() > deadline:
                raise DemoError(f"only {len(opened)} of {wanted} complaints after {LIMIT_S:.0f} s; see {city.logs}")
        time.sleep(POLL_S)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    raise SystemExit(main())
