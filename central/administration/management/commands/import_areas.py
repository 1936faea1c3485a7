"""`sigap-central manage import_areas kelurahan.geojson`: areas of the city, by code."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from central.administration.area_changes import take_in
from central.administration.recording import AT_THE_TERMINAL
from central.routing.area_import import NotImported


class Command(BaseCommand):
    """All or nothing; twice does the same as once."""

    help = "Import areas from a GeoJSON file (WGS 84; properties code, name, level, source, approximate)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE, --dry-run."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")

    def handle(self, *_args: Any, file: Path, dry_run: bool, **_options: Any) -> None:
        """Every fault on its own line."""
        try:
            content = file.read_bytes()
            outcome = take_in(content, file.name, AT_THE_TERMINAL, timezone.now(), dry_run=dry_run)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except NotImported as error:
            raise CommandError(f"{file.name}: nothing was imported.\n{error}") from error
        told = f"{outcome.added} added, {outcome.changed} changed, {outcome.same} as they were"
        self.stdout.write(f"{'dry run: ' if dry_run else ''}{told}")
