"""Rows into tables: COPY on PostgreSQL, bulk inserts elsewhere."""

import json
from collections.abc import Iterable
from typing import Any

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import JSONField, Model

from central.complaints.models import Complaint, History, NumberRange
from central.evidence.models import Blob, Exhibit
from central.incidents.models import Decision, Episode, Incident
from scripts.city_data.making import Row, Rows
from scripts.city_data.plan import Plan

TABLES: dict[str, type[Model]] = {
    "incident": Incident,
    "episode": Episode,
    "blob": Blob,
    "exhibit": Exhibit,
    "decision": Decision,
    "complaint": Complaint,
    "informed": Complaint.also_inform.through,
    "history": History,
}
"""In an order in which each refers to those before it."""


def load(rows: Rows) -> None:
    """All of one piece or nothing of it."""
    with transaction.atomic():
        for name, model in TABLES.items():
            put = _copy if connection.vendor == "postgresql" else _insert
            put(model, rows[name])


def load_without_checks() -> None:
    """For this connection: who refers to whom is true by construction, and checking it costs more than writing it."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica; SET synchronous_commit = off")


def is_loaded(plan: Plan, batch: int) -> bool:
    """Whether this piece is there."""
    return Complaint.objects.filter(pk=plan.indexes(batch)[-1] + 1).exists()


def finish(plan: Plan) -> None:
    """What comes after the last piece: counters go on where the rows end, and the planner learns what is there."""
    for year, first in plan.first_of_year.items():
        later = [other for other in plan.first_of_year.values() if other > first]
        NumberRange.objects.update_or_create(year=year, defaults={"last": min(later, default=plan.complaints) - first})
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(TABLES.values())):
            cursor.execute(statement)
        cursor.execute("ANALYZE")


def tidy_up() -> None:
    """Has PostgreSQL note which pages hold nothing but what all may see, as its autovacuum would after a while."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")


def _insert(model: type[Model], rows: list[Row]) -> None:
    model._default_manager.bulk_create([model(**row) for row in rows], batch_size=500)


def _copy(model: type[Model], rows: Iterable[Row]) -> None:
    fields = model._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    table = model._meta.db_table
    names = [field.attname for field in fields]
    missing: dict[str, Any] = {field.attname: field.get_default() for field in fields}
    packed = {field.attname for field in fields if isinstance(field, JSONField)}
    with connection.cursor() as cursor, cursor.copy(f'COPY "{table}" ({columns}) FROM STDIN') as copy:
        for row in rows:
            values = missing | row
            copy.write_row([json.dumps(values[name]) if name in packed else values[name] for name in names])
