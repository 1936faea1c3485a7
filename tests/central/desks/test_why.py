"""Why a complaint went where it went, in words."""

from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from central.desks.why import why
from central.routing.wording import condition, hours_in_words
from tests.central.desks.conftest import City

AGENCIES = {"sda": "SDA"}
WORKDAYS = {day: ["08:00-12:00", "13:00-16:00"] for day in ("mon", "tue", "wed", "thu", "fri")}


def trace(*rules: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"kind": "flood", "agency": "sda", "rules": list(rules)} | more


MATCHED = {
    "rule": 30,
    "note": "",
    "matched": True,
    "why_not": "",
    "kind": "flood",
    "areas": ["Kecamatan Menteng"],
    "week": {},
}


def test_a_rule_reads_as_people_say_it() -> None:
    with translation.override("id"):
        assert condition("flood", ["Kecamatan Menteng"], {}) == "Genangan/banjir di Kecamatan Menteng"
        assert condition("", [], WORKDAYS) == "Semua jenis, Sen–Jum 08:00–12:00, 13:00–16:00"
    with translation.override("en"):
        assert condition("jam", ["A", "B"], {}) == "Traffic jam in A or B"


def test_hours_of_days_that_differ() -> None:
    with translation.override("en"):
        week = {"mon": ["07:00-09:00"], "tue": ["07:00-09:00"], "thu": ["07:00-09:00"], "sun": ["00:00-24:00"]}
        assert hours_in_words(week) == "Mon–Tue 07:00–09:00; Thu 07:00–09:00; Sun 00:00–24:00"


def test_the_deciding_rule_and_those_before_it() -> None:
    passed = [
        {"rule": order, "note": "X", "matched": False, "why_not": reason}
        for order, reason in ((10, "area"), (20, "time"))
    ]
    areas = [{"code": "m", "name": "Kecamatan Menteng"}, {"code": "k", "name": "Kota", "near": True}]
    with translation.override("id"):
        told = why(trace(*passed, MATCHED, version=3, areas=areas), AGENCIES)
    assert told.version == 3
    assert told.place == "Kecamatan Menteng, dekat Kota"
    assert [(line.order, line.matched) for line in told.lines] == [(10, False), (20, False), (30, True)]
    assert told.lines[0].text == "X: tempatnya di luar wilayahnya"
    assert told.lines[2].text == "Genangan/banjir di Kecamatan Menteng → SDA"


def test_a_complaint_from_before_rules_had_versions() -> None:
    old = trace(
        {"rule": 10, "note": "Kemacetan", "matched": False, "why_not": "is about jam"},
        {"rule": 20, "note": "Banjir", "matched": True, "why_not": ""},
    )
    with translation.override("id"):
        told = why(old, AGENCIES)
    assert (told.version, told.place) == (None, "")
    assert [line.text for line in told.lines] == ["Kemacetan: tidak berlaku", "Banjir → SDA"]


@pytest.mark.django_db
def test_operator_and_agency_read_it(city: City, clients: dict[str, Client]) -> None:
    for visitor, desk in (("operator", "operator"), ("dishub", "agency")):
        page = clients[visitor].get(f"/{desk}/complaints/{city.jam.number}/").content.decode()
        assert "<strong>Aturan 20</strong>: Kemacetan → Dishub" in page
        assert "Versi 1 dari aturan yang menentukan." in page
    stray = clients["operator"].get(f"/operator/complaints/{city.parking.number}/").content.decode()
    assert "Tidak ada aturan yang cocok: ada di meja bawaan." in stray
