"""What a million complaints would make slow is seen on six hundred: in the number of questions, and in how PostgreSQL
means to answer them."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext

from central.accounts.roles import Actor, Role
from central.complaints.access import parts_visible_to, visible_to
from central.complaints.finding import Point, near
from central.complaints.models import Complaint
from central.desks.filters import BY_DUE, LAST_ENDED, NEWEST
from central.desks.paging import following, ordered, page
from scripts.city_data.plan import Plan
from tests.central.conftest import POSTGRES

OFFICER = Actor(Role.OFFICER, "dishub-2", "dishub")
EVERYTHING = Complaint.objects.all()
ENDED = Complaint.objects.filter(ended__isnull=False)
OPEN = Complaint.objects.filter(ended__isnull=True)
PAGES = {
    "operator": ("/operator/", "/operator/map/", "/operator/map/marks/", "/operator/complaints/"),
    "dishub": ("/agency/", "/agency/?show=ended", "/agency/?q=raya", "/agency/?due=overdue&kind=jam"),
}


@pytest.mark.parametrize("desk", PAGES)
def test_a_page_asks_as_much_of_a_small_city_as_of_a_large_one(
    desk: str, operator: Client, dishub: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = {"operator": operator, "dishub": dishub}[desk]
    for address in PAGES[desk]:
        asked = []
        for rows in (40, 10, 40):  # the first look at a still is written down, and not counted here
            monkeypatch.setattr("central.desks.listing.PAGE", rows)
            monkeypatch.setattr("central.desks.operator.ON_THE_WALL", rows)
            monkeypatch.setattr("central.desks.city_map.LISTED", rows)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            asked.append(len(queries))
        # One more: cameras are asked for their names only where some place has none.
        assert 0 <= asked[2] - asked[1] <= 1, address
        assert asked[2] <= 24, address


def test_an_agencys_parts_are_what_it_may_see(big_city: Plan) -> None:
    for agency in ("dishub", "bpbd", "satpol-pp"):
        actor = Actor(Role.OFFICER, "x", agency)
        parts = [set(part.values_list("pk", flat=True)) for part in parts_visible_to(actor)]
        assert set.union(*parts) == set(visible_to(actor).values_list("pk", flat=True))
        assert not set.intersection(*parts)
        assert any(parts)


def test_all_pages_of_a_desk_together_are_its_list(big_city: Plan) -> None:
    parts, seen, where = [part.filter(ended__isnull=False) for part in parts_visible_to(OFFICER)], [], ""
    while True:
        piece = page(parts, LAST_ENDED, where, 50)
        seen += [row.pk for row in piece.rows]
        if not piece.after:
            break
        where = piece.after
    assert seen == list(ordered(visible_to(OFFICER) & ENDED, LAST_ENDED).values_list("pk", flat=True))


def plan_of(rows: QuerySet[Any]) -> str:
    """As a table too large to read would be answered: this one is so small that reading it all is cheapest."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = on")
    return str(rows.explain())


@pytest.mark.skipif(not POSTGRES, reason="PostgreSQL's planner is asked")
@pytest.mark.parametrize(
    ("question", "index"),
    [
        (lambda: ordered(OPEN.filter(agency="sda"), BY_DUE)[:51], "complaint_(agency_due|open)"),
        (lambda: ordered(ENDED.filter(agency="sda"), LAST_ENDED)[:51], "complaint_agency_ended"),
        (lambda: ordered(ENDED, LAST_ENDED)[:8], "complaint_ended"),
        (lambda: ordered(EVERYTHING, NEWEST)[:51], "complaint_opened"),
        (lambda: ordered(EVERYTHING.filter(agency="sda", kind="jam"), NEWEST)[:51], "complaint_agency_kind"),
        (lambda: EVERYTHING.filter(text__words=("sudirman", "xiv")), "complaint_words"),
        (lambda: EVERYTHING.filter(text__beginnings=("sudir",)), "complaint_words"),
        (lambda: near(EVERYTHING, Point(-6.2, 106.8)), "complaint_position"),
    ],
    ids=["queue", "agency's ended", "ended", "newest", "agency and kind", "words", "beginnings", "near"],
)
def test_an_index_answers(question: Callable[[], QuerySet[Any]], index: str, big_city: Plan) -> None:
    plan = plan_of(question())
    assert re.search(rf"(using|on) {index}\b", plan), plan
    assert "Seq Scan on complaints_complaint" not in plan, plan


@pytest.mark.skipif(not POSTGRES, reason="PostgreSQL's planner is asked")
def test_the_thousandth_page_begins_at_its_index(big_city: Plan) -> None:
    row = Complaint.objects.get(pk=30)
    with CaptureQueriesContext(connection) as queries:
        page([EVERYTHING], NEWEST, following(NEWEST, row), 20)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN " + queries[-1]["sql"])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index Cond: (opened <=" in plan, plan
    assert "OFFSET" not in queries[-1]["sql"]
