"""Pages by key: every row once, in order, there and back, whatever is equal or missing."""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import QuerySet

from central.complaints.models import Complaint
from central.desks.filters import BY_DUE, NEWEST
from central.desks.paging import Key, Order, ordered, page
from tests.central.desks.conftest import City
from tests.central.moments import NOON, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(city: City) -> QuerySet[Complaint]:
    """Twelve, of which some are due at one moment and some not at all."""
    model = Complaint.objects.get(pk=city.jam.pk)
    for turn in range(8):
        model.pk, model.number, model.tracking = None, f"SGP-2026-9{turn:05d}", f"TRACK{turn:07d}"
        model.incident_id, model.agency_id = (
            city.flood.incident_id,
            ("ppkukm", "bpbd", "dishub", "diskominfo")[turn % 4],
        )
        if turn >= 4:
            model.incident_id = city.vending.incident_id
        model.opened = NOON + timedelta(hours=turn // 3)
        model.next_due = None if turn % 3 == 0 else at(3600 * (turn // 2))
        model.save(force_insert=True)
    return Complaint.objects.all()


def walk(branches: list[QuerySet[Any]], order: Order, size: int) -> tuple[list[int], list[int]]:
    """Primary keys from the first page to the last, and back."""
    there, back, where = [], [], ""
    while True:
        part = page(branches, order, where, size)
        there += [row.pk for row in part.rows]
        if not part.after:
            break
        where = part.after
    while True:
        back = [row.pk for row in part.rows] + back
        if not part.before:
            return there, back
        part = page(branches, order, part.before, size)


def test_there_and_back(rows: QuerySet[Complaint]) -> None:
    for order in (BY_DUE, NEWEST):
        whole = list(ordered(rows, order).values_list("pk", flat=True))
        assert len(whole) == 12
        for size in (1, 4, 5, 50):
            assert walk([rows], order, size) == (whole, whole), (order, size)
    branches = [rows.filter(kind="jam"), rows.filter(next_due__isnull=False)]
    whole = list(ordered(branches[0] | branches[1], BY_DUE).values_list("pk", flat=True))
    assert walk(branches, BY_DUE, 3) == (whole, whole)


def test_a_row_that_arrives_moves_no_other(rows: QuerySet[Complaint]) -> None:
    first = page([rows], NEWEST, "", 4)
    expected = [row.pk for row in page([rows], NEWEST, first.after, 4).rows]
    newest = first.rows[0]
    newest.pk, newest.number, newest.tracking, newest.agency_id = None, "SGP-2026-800000", "T" * 12, "sda"
    newest.incident_id = rows.filter(kind="parking")[0].incident_id
    newest.opened = at(10**6)
    newest.save(force_insert=True)
    assert [row.pk for row in page([rows], NEWEST, first.after, 4).rows] == expected


def test_what_no_page_gave_begins_at_the_first(rows: QuerySet[Complaint]) -> None:
    first = page([rows], NEWEST, "", 4).rows
    for where in ("x", "a", "a!!!", "aW10", "aWzEsMl0", "aWyIyMDI2LTAzLTAyIiwgMV0", "bbnVsbA", "a" + "A" * 5000):
        assert page([rows], NEWEST, where, 4).rows == first, where
    part = page([rows.none()], (Key("pk", int),), "", 4)
    assert (part.rows, part.before, part.after) == ([], "", "")
