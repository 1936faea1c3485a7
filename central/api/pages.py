"""Pages of a long list by keyset: the next one begins after the last row, however many rows came in between."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest

from central.api.problems import invalid

COUNTED = 10_000
"""Counting a million rows for every page would cost more than the page."""

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Order:
    """By a moment, and by primary key where moments are equal."""

    field: str
    newest_first: bool = True

    @property
    def columns(self) -> tuple[str, str]:
        """For order_by."""
        sign = "-" if self.newest_first else ""
        return f"{sign}{self.field}", f"{sign}pk"

    def after(self, moment: datetime, pk: int) -> Q:
        """The rows behind this one. The first condition alone lets an index find the place."""
        how = "lt" if self.newest_first else "gt"
        behind = Q(**{f"{self.field}__{how}": moment}) | Q(**{self.field: moment, f"pk__{how}": pk})
        return Q(**{f"{self.field}__{how}e": moment}) & behind


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """`count` is of all that match, on all pages, up to COUNTED."""

    rows: Sequence[Row]
    count: int
    next: str | None
    """Address of the next page."""


def page_of(request: HttpRequest, found: QuerySet[Row], order: Order, limit: int, cursor: str | None) -> Page[Row]:
    """One page.

    Raises:
        Problem: a cursor that was not given out here.
    """
    count = found.order_by()[:COUNTED].count()
    if cursor:
        found = found.filter(order.after(*_read(cursor)))
    rows = list(found.order_by(*order.columns)[: limit + 1])
    more = len(rows) > limit
    rows = rows[:limit]
    return Page(rows, count, _address(request, _cursor(rows[-1], order)) if more else None)


def _cursor(row: Any, order: Order) -> str:
    text = f"{getattr(row, order.field).isoformat()}|{row.pk}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor: str) -> tuple[datetime, int]:
    refusal = invalid("query.cursor", "take it from `next` of the page before")
    try:
        text = base64.b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4), b"-_", validate=True).decode(
            "ascii"
        )
        moment, _bar, pk = text.partition("|")
        read = datetime.fromisoformat(moment), int(pk)
    except (ValueError, binascii.Error) as error:
        raise refusal from error
    if read[0].tzinfo is None or not 1900 <= read[0].year <= 2900 or not 0 < read[1] < 2**63:
        raise refusal
    return read


def _address(request: HttpRequest, cursor: str) -> str:
    query = request.GET.copy()
    query["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
