"""`sigap-central manage import_agencies opd.csv`: agencies of the city, by code."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from central.administration.agency_import import import_agencies, read_agencies
from central.administration.recording import AT_THE_TERMINAL
from central.routing.area_import import NotImported


class Command(BaseCommand):
    """All or nothing; twice does the same as once."""

    help = "Import agencies from a CSV file (columns code, name, short; if wanted default_desk, active, email)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE, --dry-run."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")

    def handle(self, *_args: Any, file: Path, dry_run: bool, **_options: Any) -> None:
        """Every fault on its own line."""
        try:
            rows = read_agencies(file.read_bytes())
            outcome = import_agencies(rows, AT_THE_TERMINAL, timezone.now(), dry_run=dry_run)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except NotImported as error:
            raise CommandError(f"{file.name}: nothing was imported.\n{error}") from error
        told = f"{outcome.added} added, {outcome.changed} changed, {outcome.same} as they were"
        self.stdout.write(f"{'dry run: ' if dry_run else ''}{told}")
