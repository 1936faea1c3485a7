"""Pages of long lists by key: whoever goes on begins after the last row seen.

Nothing is counted and nothing skipped, so the thousandth page costs what the first does, and a row that arrives
meanwhile moves no other to the next page.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.db.models import F, Model, Q, QuerySet

AFTER, BEFORE = "a", "b"


@dataclass(frozen=True, slots=True)
class Key:
    """One column of an order: a time, or a whole number. Rows without a value come last."""

    field: str
    of: type = datetime
    descending: bool = False
    nullable: bool = False


Order = tuple[Key, ...]
"""The last key has every value once."""


@dataclass(frozen=True, slots=True)
class Slice:
    """A page: its rows, and where the ones before and after it begin (empty: there is none)."""

    rows: Sequence[Any]
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Next to which row, on which side."""

    side: str
    values: tuple[Any, ...]


def page(branches: Sequence[QuerySet[Any]], order: Order, where: str, size: int) -> Slice:
    """One page of all branches together, each row once; `where` is what a page before gave, else the first page."""
    cursor = _read(where, order)
    backwards = cursor is not None and cursor.side == BEFORE
    found: dict[Any, Model] = {}
    for branch in branches:
        rows = _ordered(branch, order, backwards=backwards)
        if cursor is not None:
            rows = rows.filter(_beyond(order, cursor, backwards=backwards))
        found |= {row.pk: row for row in rows[: size + 1]}
    ranked = _ranked(list(found.values()), order)
    more = len(ranked) > size
    rows = (ranked[-size:] if backwards else ranked[:size]) if more else ranked
    if not rows:
        return Slice(rows)
    return Slice(
        rows,
        before=_cursor(BEFORE, order, rows[0]) if (more if backwards else cursor is not None) else "",
        after=following(order, rows[-1]) if backwards or more else "",
    )


def ordered(rows: QuerySet[Any], order: Order) -> QuerySet[Any]:
    """The whole list."""
    return _ordered(rows, order, backwards=False)


def following(order: Order, row: Any) -> str:
    """Where the page after this row begins."""
    return _cursor(AFTER, order, row)


def _ordered(rows: QuerySet[Any], order: Order, *, backwards: bool) -> QuerySet[Any]:
    return rows.order_by(*(_by(key, backwards=backwards) for key in order))


def _by(key: Key, *, backwards: bool) -> Any:
    nulls = {} if not key.nullable else {"nulls_first": True} if backwards else {"nulls_last": True}
    return F(key.field).desc(**nulls) if key.descending != backwards else F(key.field).asc(**nulls)


def _beyond(order: Order, cursor: Cursor, *, backwards: bool) -> Q:
    """(a, b, c) > (x, y, z), written out; the bound of the first key alone is what an index can begin at."""
    condition, same = Q(pk__in=()), Q()
    for key, value in zip(order, cursor.values, strict=True):
        condition |= same & _past(key, value, backwards=backwards)
        same &= Q(**({f"{key.field}__isnull": True} if value is None else {key.field: value}))
    first, value = order[0], cursor.values[0]
    if not first.nullable:
        condition &= Q(**{f"{first.field}__{'gte' if first.descending == backwards else 'lte'}": value})
    return condition


def _past(key: Key, value: Any, *, backwards: bool) -> Q:
    if value is None:
        return Q(**{f"{key.field}__isnull": False}) if backwards else Q(pk__in=())
    past = Q(**{f"{key.field}__{'gt' if key.descending == backwards else 'lt'}": value})
    return past | Q(**{f"{key.field}__isnull": True}) if key.nullable and not backwards else past


def _ranked(rows: list[Any], order: Order) -> list[Any]:
    for key in reversed(order):  # sorting is stable: the last key first
        value = attrgetter(key.field)
        known = sorted((row for row in rows if value(row) is not None), key=value, reverse=key.descending)
        rows = known + [row for row in rows if value(row) is None]
    return rows


def _cursor(side: str, order: Order, row: Any) -> str:
    values = [attrgetter(key.field)(row) for key in order]
    said = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    return side + base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


def _read(where: str, order: Order) -> Cursor | None:
    """None for what no page of this order has given."""
    side, text = where[:1], where[1:]
    if side not in {AFTER, BEFORE}:
        return None
    try:
        said = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return Cursor(side, tuple(_value(key, each) for key, each in zip(order, said, strict=True)))
    except (ValueError, TypeError, binascii.Error):
        return None


def _value(key: Key, said: Any) -> Any:
    if said is None and key.nullable:
        return None
    value = datetime.fromisoformat(said) if key.of is datetime else said
    if not isinstance(value, key.of) or (isinstance(value, datetime) and value.tzinfo is None):
        raise ValueError(f"{said!r} is no {key.of.__name__}")
    return value
