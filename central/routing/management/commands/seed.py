"""`sigap-central manage seed jakarta`: agencies, areas, rules and policies for a new database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from central.routing.area_import import NotImported
from central.routing.compiling import RulesDoNotCompile
from central.routing.seeding import CITIES, seed, seed_of


class Command(BaseCommand):
    """Adds what is missing; never changes what is there."""

    help = "Add the agencies, areas, routing rules and policies that are missing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """CITY or --file."""
        parser.add_argument("city", nargs="?", choices=CITIES, default=CITIES[0])
        parser.add_argument("--file", type=Path, help="a YAML file of your own, of the same form")

    def handle(self, *_args: Any, city: str, file: Path | None, **_options: Any) -> None:
        """Says how many rows were added."""
        path = file or seed_of(city)
        try:
            added = seed(path)
        except (NotImported, RulesDoNotCompile) as error:
            raise CommandError(f"{path.name}: nothing was added.\n" + "\n".join(map(str, error.faults))) from error
        self.stdout.write(f"{added} rows added from {path.name}")
