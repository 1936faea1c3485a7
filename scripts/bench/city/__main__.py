"""python -m scripts.bench.city --folder DIR: pages and files of the city that `scripts.city_data` made there."""

import argparse
import asyncio
import os
import platform
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.bench.city import files
from scripts.bench.city.centre import PORT, Centre, serving
from scripts.city_data.server import use

if TYPE_CHECKING:
    from scripts.bench.city.load import Person, Round

AGENCY = "dishub"
"""Who has most to do."""
FILES = {
    "operator, CSV, all floods": "/operator/export/csv/?show=all&kind=flood",
    "operator, GeoJSON, all floods": "/operator/export/geojson/?show=all&kind=flood",
}


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m scripts.bench.city", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="as given to scripts.city_data")
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60.0, help="of one round")
    parser.add_argument("--processes", type=int, default=1, help="of the centre; users are spread over them")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--without-peers", action="store_true", help="do not ask the naive queries")
    return parser.parse_args()


def main() -> int:
    """Measures and prints."""
    options = arguments()
    use(options.folder)
    from scripts.bench.city import alone, load, naive  # noqa: PLC0415 — Django must know its database first

    staff = _staff(options.users)
    peers = {} if options.without_peers else naive.measured(AGENCY)
    costs = {name: cost for each in staff[:2] for name, cost in alone.measured(each.session, each.pages).items()}
    with ExitStack() as running:
        centres = [
            running.enter_context(serving(options.folder / "centre.log", PORT + number))
            for number in range(options.processes)
        ]
        ports = [centre.port for centre in centres]
        asyncio.run(load.people(ports, staff, 5, 0, load.Round(0)))  # caches, plans and templates, once
        rounds = []
        for number in range(1, options.rounds + 1):
            found = load.Round(os.getloadavg()[0])
            asyncio.run(load.people(ports, staff, options.seconds, number, found))
            found.load_after = os.getloadavg()[0]
            rounds.append(found)
            sys.stderr.write(f"round {number}: slowest p95 {found.worst:.0f} ms\n")
        _print(load.median(rounds), rounds, costs, peers)
        _print_files(centres[0], staff[0].session)
    return 0


def _staff(users: int) -> list["Person"]:
    """Half of them operators, half officers, logged in."""
    from django.contrib.auth.models import User  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from scripts.bench.city.load import Person  # noqa: PLC0415
    from scripts.bench.city.pages import officers, operators  # noqa: PLC0415

    desks = ((operators(AGENCY), "operator-"), (officers(AGENCY), f"{AGENCY}-"))
    people = []
    for number in range(users):
        pages, name = desks[number % 2]
        client = Client()
        client.force_login(User.objects.get(username=f"{name}{number // 2 % 5 + 1}"))
        people.append(Person(client.cookies["sessionid"].value, pages))
    return people


def _print(found: "Round", rounds: list["Round"], costs: dict[str, float], peers: dict[str, float]) -> None:
    from scripts.bench.city.load import table  # noqa: PLC0415

    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"Load average before and after the median round: {found.load_before:.1f}, {found.load_after:.1f}")
    print("Slowest p95 of each round, ms: " + ", ".join(f"{each.worst:.0f}" for each in rounds) + "\n")
    print("\n".join(table(found, costs, peers)) + "\n")


def _print_files(centre: Centre, session: str) -> None:
    print("\n".join(files.HEAD))
    for name, path in FILES.items():
        print(asyncio.run(files.download(centre, name, path, session)).row(), flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
