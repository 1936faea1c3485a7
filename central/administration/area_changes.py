"""Areas taken in from a file, with their record."""

from datetime import datetime

from django.db import transaction

from central.accounts.roles import Actor
from central.administration.recording import entry_of, snapshot, write_down, write_down_all
from central.routing.area_import import FIELDS, Outcome, import_areas, read_areas
from central.routing.models import Area


@transaction.atomic
def take_in(content: bytes, name: str, actor: Actor, now: datetime, *, dry_run: bool = False) -> Outcome:
    """All areas of a GeoJSON file or none; `name` is their source where the file names none.

    Raises:
        central.routing.area_import.NotImported: with every fault.
    """
    outcome = import_areas(read_areas(content, default_source=name), now, dry_run=dry_run)
    if not dry_run:
        write_down_all(
            entry_of(
                actor,
                now,
                topic="area",
                subject=change.after.code,
                action="import",
                before=change.before,
                after={field: getattr(change.after, field) for field in FIELDS},
            )
            for change in outcome.changes
        )
    return outcome


@transaction.atomic
def add_area(area: Area, actor: Actor, now: datetime) -> None:
    """A new one, which no rule names yet."""
    area.version, area.changed = 1, now
    area.save(force_insert=True)
    write_down(actor, now, topic="area", subject=area.pk, action="add", after=snapshot(area))


@transaction.atomic
def save_area(area: Area, actor: Actor, now: datetime) -> None:
    """As somebody filled it in; a new version if it is different."""
    stood = Area.objects.select_for_update().get(pk=area.pk)
    before, after = snapshot(stood), snapshot(area)
    if before == after:
        return
    area.version, area.changed = stood.version + 1, now
    area.save()
    write_down(actor, now, topic="area", subject=area.pk, action="change", before=before, after=snapshot(area))
