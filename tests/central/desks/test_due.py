"""What pages say of deadlines."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from central.complaints.models import Complaint
from central.complaints.numbers import grouped
from central.desks.due import facts_of, mark_of
from tests.central.desks.conftest import City, client_of, work
from tests.central.moments import at

pytestmark = pytest.mark.django_db

H = 3600
OPENED = 120


def hour(hours: float) -> datetime:
    return at(OPENED + hours * H)


@pytest.fixture
def at_hour(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Lets the pages be read at another time."""

    def travel(hours: float) -> None:
        monkeypatch.setattr(timezone, "now", lambda: hour(hours))

    return travel


def said(complaint: Complaint, hours: float) -> tuple[str, str] | None:
    complaint.refresh_from_db()
    mark = mark_of(complaint, hour(hours))
    with translation.override("en"):
        return None if mark is None else (mark.tone, str(mark.word))


def test_colours_while_the_clock_runs(city: City, clients: dict[str, Client]) -> None:
    assert [said(city.jam, hours) for hours in (0, 4.4, 4.5, 6, 6.1)] == [
        ("green", "Due"),
        ("green", "Due"),
        ("amber", "Due"),
        ("amber", "Due"),
        ("red", "Overdue"),
    ]
    work(city.jam, "start", seconds=OPENED + 5 * H)
    assert [said(city.jam, hours) for hours in (6.1, 125, 127, 169)] == [
        ("green", "Due"),
        ("green", "Due"),
        ("amber", "Due"),
        ("red", "Overdue"),
    ]


def test_colours_while_it_stands_still(city: City, clients: dict[str, Client]) -> None:
    work(city.jam, "start", seconds=OPENED + 5 * H)
    work(city.jam, "report_done", seconds=OPENED + 100 * H)
    assert said(city.jam, 900) == ("grey", "Clock stopped")
    work(city.jam, "send_back", seconds=OPENED + 900 * H)
    work(city.jam, "report_done", seconds=OPENED + 969 * H)
    assert said(city.jam, 970) == ("red", "Late")
    work(city.jam, "accept", seconds=OPENED + 971 * H)
    assert said(city.jam, 5000) == ("red", "Late")
    work(city.flood, "start", "report_done", "accept")
    assert said(city.flood, 5000) == ("green", "In time")
    city.end("vending", 300)
    assert said(city.vending, 5000) is None


def test_facts_of_a_complaint(city: City, clients: dict[str, Client]) -> None:
    work(city.jam, "start", seconds=OPENED + 7 * H)
    city.jam.refresh_from_db()
    found = facts_of(city.jam, hour(84))
    assert found is not None
    first, whole = found.deadlines
    assert (first.due, first.stopped, first.mark.tone) == (hour(6), hour(7), "red")
    assert (whole.due, whole.stopped, whole.mark.tone) == (hour(168), None, "green")
    assert (found.used_s, found.allowed_s, found.level, found.promise) == (84 * H, 168 * H, 2, "jam v1")


def test_complaint_page_shows_both(city: City, clients: dict[str, Client], at_hour: Any) -> None:
    work(city.jam, "start", seconds=OPENED + 7 * H)
    at_hour(84)
    for path in (f"/operator/complaints/{city.jam.number}/", f"/agency/complaints/{city.jam.number}/"):
        page = clients["admin"].get(path).content.decode()
        panel = page.split("Batas waktu")[1].split("</section>")[0]
        for part in (
            "2 Mar 2026 18.02 WIB",
            "Melewati batas",
            "9 Mar 2026 12.02 WIB",
            "3 hari 12 jam dari 7 hari 0 jam",
        ):
            assert part in panel, part
        assert "Tingkat 2" in panel
        assert "jam v1" in panel


def test_queue_has_what_is_due_first_on_top(city: City, clients: dict[str, Client], at_hour: Any) -> None:
    work(city.flood, "start", "report_done")  # dishub is informed of floods: nothing is due of that one now
    at_hour(7)
    page = clients["admin"].get("/agency/").content.decode()
    order = re.findall(r'data-key="(SGP-[^"]+)"', page)
    assert order[-1] == city.flood.number
    assert set(order[:-1]) == {city.jam.number, city.vending.number, city.parking.number}
    assert page.count('class="due red"') == 3
    work(city.jam, "start", seconds=OPENED + 6.5 * H)
    order = re.findall(r'data-key="(SGP-[^"]+)"', clients["admin"].get("/agency/").content.decode())
    assert order[2:] == [city.jam.number, city.flood.number]


def test_public_is_told_the_target_while_the_clock_runs(city: City, clients: dict[str, Client]) -> None:
    address = f"/c/{grouped(city.jam.tracking)}/"
    page = client_of(None).get(address).content.decode()
    assert "9 Mar 2026 12.02 WIB" in page.split("Target penyelesaian")[1].split("</div>")[0]
    work(city.jam, "start", "report_done")
    assert "Target penyelesaian" not in client_of(None).get(address).content.decode()


def test_complaint_from_before_there_was_a_clock(city: City, clients: dict[str, Client]) -> None:
    Complaint.objects.update(first_response_due=None, completion_due=None, next_due=None)
    city.jam.refresh_from_db()
    assert mark_of(city.jam, hour(1)) is None
    for path in ("/agency/", f"/agency/complaints/{city.jam.number}/"):
        assert clients["admin"].get(path).status_code == 200
