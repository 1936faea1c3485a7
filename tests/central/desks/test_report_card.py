"""The report card: what counts, for whom, and what lies behind a mark."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from central.complaints import report_card
from central.complaints.models import Complaint
from central.complaints.report_card import Marks, report
from central.desks.report_card import tone_of
from tests.central.desks.conftest import City, work
from tests.central.moments import at

pytestmark = pytest.mark.django_db

H = 3600
OPENED = 120


def marks(hours: float) -> dict[str, Marks]:
    return {each.agency: each for each in report(Complaint.objects.all(), at(OPENED + hours * H))}


def test_held_and_overdue(city: City, clients: dict[str, Client]) -> None:
    assert marks(5)["dishub"] == Marks("dishub", held=1, overdue=0, done=0, late=0, returned=0, reopened=0)
    assert marks(7)["dishub"].overdue == 1
    work(city.jam, "start", seconds=OPENED + 8 * H)
    assert (marks(9)["dishub"].overdue, marks(169)["dishub"].overdue) == (0, 1)


def test_verification_is_not_the_agencys_time(city: City, clients: dict[str, Client]) -> None:
    work(city.jam, "start", "report_done")
    assert "dishub" not in marks(1000)


def test_done_counts_for_a_while_late_or_not(city: City, clients: dict[str, Client]) -> None:
    work(city.jam, "start")
    work(city.jam, "report_done", "send_back", "report_done", seconds=OPENED + 200 * H)
    work(city.jam, "accept", seconds=OPENED + 300 * H)
    work(city.flood, "start", "report_done", "accept", seconds=OPENED + 300 * H)
    found = marks(310)
    assert found["dishub"] == Marks("dishub", held=0, overdue=0, done=1, late=1, returned=1, reopened=0)
    assert found["sda"] == Marks("sda", held=0, overdue=0, done=1, late=1, returned=0, reopened=0)
    assert {"dishub", "sda"} & set(marks(300 + report_card.PERIOD / timedelta(hours=1) + 1)) == set()


def test_gone_by_itself_is_nobodys(city: City) -> None:
    city.end("vending", 300)
    assert "satpol-pp" not in marks(2)


def test_grey_below_twenty_and_red_above(settings: Any) -> None:
    def tone(held: int, overdue: int) -> str:
        return tone_of(Marks("x", held=held, overdue=overdue, done=0, late=0, returned=0, reopened=0))

    assert [tone(19, 19), tone(20, 0), tone(20, 1), tone(20, 2)] == ["grey", "green", "amber", "red"]
    settings.RED_FROM = 0.5
    assert [tone(20, 4), tone(20, 5), tone(20, 10)] == ["green", "amber", "red"]
    assert tone(0, 0) == "grey"


def test_every_mark_opens_the_list_behind_it(
    city: City, clients: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report_card, "LEAST", 1)
    monkeypatch.setattr(timezone, "now", lambda: at(OPENED + 7 * H))
    page = clients["operator"].get("/rapor/").content.decode()
    links = re.findall(r'href="(/rapor/[^"]+/)"><span class="state (\w+)">([^<]+)<', page)
    assert sorted(links) == [
        ("/rapor/dishub/", "red", "100%"),
        ("/rapor/diskominfo/", "red", "100%"),
        ("/rapor/satpol-pp/", "red", "100%"),
        ("/rapor/sda/", "red", "100%"),
    ]
    behind = clients["operator"].get("/rapor/dishub/").content.decode()
    assert re.findall(r'data-key="(SGP-[^"]+)"', behind) == [city.jam.number]
    assert f"/operator/complaints/{city.jam.number}/" in behind


def test_an_agency_sees_its_own_mark_only(city: City, clients: dict[str, Client]) -> None:
    page = clients["dishub"].get("/rapor/").content.decode()
    assert re.findall(r'href="/rapor/([^"]+)/"', page) == ["dishub"], "and not that of floods it is informed of"
    assert clients["dishub"].get("/rapor/sda/").status_code == 404
    assert clients["operator"].get("/rapor/nobody/").status_code == 404
