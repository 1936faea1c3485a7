"""The operators' map: its marks, its list, and what it lets the browser fetch."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from central.desks import city_map
from central.feed.models import Change
from central.incidents.kinds import Kind
from central.incidents.models import Incident
from tests.central.desks.conftest import City
from tests.central.moments import NOON

pytestmark = pytest.mark.django_db

MARKS = "/operator/map/marks/"


def test_open_incidents_with_a_place_are_marked(city: City, clients: dict[str, Client]) -> None:
    Incident.objects.filter(pk=city.candidate.pk).update(lat=None, lon=None)
    Incident.objects.filter(pk=city.flood.incident_id).update(severity=4)
    city.end("parking", 300)
    clients["operator"].post(f"/operator/incidents/{city.jam.incident_id}/acknowledge/")
    told = clients["operator"].get(MARKS).json()
    marks = {mark["kind"]: mark for mark in told["marks"]}
    assert set(marks) == {"jam", "flood", "vending"}
    assert told["left_out"] == 1, "the camera fault has no coordinates"
    assert told["marks"][-1]["kind"] == "flood", "the worst lies on top"
    assert marks["flood"] == {
        "id": city.flood.incident_id,
        "kind": "flood",
        "severity": 4,
        "lat": -2.5,
        "lon": 106.5,
        "place": "Jl. Flood, arah utara",
        "new": True,
    }
    assert not marks["jam"]["new"]


def test_later_only_what_has_changed_is_told(city: City, clients: dict[str, Client]) -> None:
    Change.objects.update(time=NOON)  # long ago: nothing of it can still become visible late
    whole = clients["operator"].get(MARKS).json()
    assert whole["whole"] is True
    since = {"since": whole["position"]}
    nothing = clients["operator"].get(MARKS, since).json()
    assert nothing == {
        "position": whole["position"],
        "whole": False,
        "marks": [],
        "gone": [],
        "left_out": whole["left_out"],
    }
    clients["operator"].post(f"/operator/incidents/{city.jam.incident_id}/acknowledge/")
    city.end("parking", 300)
    told = clients["operator"].get(MARKS, since).json()
    assert [(mark["kind"], mark["new"]) for mark in told["marks"]] == [("jam", False)]
    assert told["gone"] == [city.parking.incident_id]
    assert told["position"] > whole["position"]


def test_too_many_changes_or_no_known_position_tell_everything(
    city: City, clients: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    for since in ("", "x", "9" * 30, "-1"):
        assert clients["operator"].get(MARKS, {"since": since}).json()["whole"] is True, since
    monkeypatch.setattr(city_map, "CHANGES_AT_MOST", 1)
    assert clients["operator"].get(MARKS, {"since": 0}).json()["whole"] is True


def test_no_more_marks_than_a_browser_draws(
    city: City, clients: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(city_map, "MARKS_AT_MOST", 2)
    Incident.objects.filter(pk=city.jam.incident_id).update(severity=4)
    told = clients["operator"].get(MARKS).json()
    assert len(told["marks"]) == 2
    assert told["marks"][-1]["kind"] == "jam", "the worst are kept"
    assert told["left_out"] == Incident.objects.count() - 2


def test_marks_cost_the_same_number_of_questions(city: City, clients: dict[str, Client]) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as questions:
            clients["operator"].get(MARKS)
        return len(questions)

    before = asked()
    first = Incident.objects.order_by("pk")[0]
    for number in range(20):
        first.pk, first.key = None, f"jam@{number}"
        first.save(force_insert=True)
    assert asked() == before


def test_the_list_says_what_the_map_shows(city: City, clients: dict[str, Client]) -> None:
    page = clients["operator"].get("/operator/map/").content.decode()
    listed = page.partition('id="map-list"')[2]
    for incident in Incident.objects.all():
        assert f'href="/operator/incidents/{incident.pk}/"' in listed
    assert "Kemacetan" in listed
    assert len(set(city_map.SHAPES.values())) == len(Kind), "a shape of its own for each kind"


def test_nothing_comes_from_elsewhere_unless_the_city_says_so(
    city: City, clients: dict[str, Client], settings: Any
) -> None:
    plain = clients["operator"].get("/operator/map/")
    assert "img-src 'self' data:;" in plain.headers["Content-Security-Policy"]
    assert 'data-tiles=""' in plain.content.decode()
    settings.TILES = "https://tiles.kota.example/{z}/{x}/{y}.png"
    settings.TILES_CREDIT = "© Kota"
    mapped = clients["operator"].get("/operator/map/")
    assert "img-src 'self' data: https://tiles.kota.example;" in mapped.headers["Content-Security-Policy"]
    assert "© Kota" in mapped.content.decode()
    other = clients["operator"].get("/operator/").headers["Content-Security-Policy"]
    assert "tiles.kota.example" not in other
