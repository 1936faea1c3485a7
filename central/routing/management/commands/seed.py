"""`sigap-central manage seed`: agencies, rules and policies for a new database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from central.routing.seeding import SEED, seed


class Command(BaseCommand):
    """Adds what is missing; never changes what is there."""

    help = "Add the agencies, routing rules and policies that are missing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--file."""
        parser.add_argument("--file", type=Path, default=SEED, help="another YAML file of the same form")

    def handle(self, *_args: Any, file: Path, **_options: Any) -> None:
        """Says how many rows were added."""
        self.stdout.write(f"{seed(file)} rows added from {file.name}")
