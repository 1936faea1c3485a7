"""What stands in the files, and who gets which rows."""

import csv
import json
from io import StringIO
from typing import Any

import pytest
from django.utils import translation

from central.accounts.roles import Actor, Role
from central.complaints.access import visible_to
from central.complaints.models import Complaint
from central.desks.exports.formats import BOM, csv_for_programs, csv_for_spreadsheets, geojson
from central.desks.exports.records import COLUMNS, Record, records
from tests.central.desks.conftest import VENDING_AT, City, work
from tests.central.moments import NOON

pytestmark = pytest.mark.django_db


def read_csv(pieces: Any, delimiter: str = ",") -> dict[str, dict[str, str]]:
    """By kind."""
    rows = csv.DictReader(StringIO("".join(pieces)), delimiter=delimiter)
    assert tuple(rows.fieldnames or ()) == COLUMNS
    return {row["kind"]: row for row in rows}


def test_csv_for_programs(city: City) -> None:
    work(city.jam, "start")
    with translation.override("id"):
        rows = read_csv(csv_for_programs(records(Complaint.objects.all(), None)))
    assert set(rows) == {"jam", "flood", "vending", "parking"}
    jam = rows["jam"]
    assert (jam["number"], jam["state"], jam["state_name"]) == (city.jam.number, "in_progress", "Proses")
    assert (jam["kind_name"], jam["agency"], jam["place"]) == ("kemacetan", "Dishub", "Jl. Jam, arah utara")
    assert (jam["lat"], jam["lon"]) == ("-2.5", "106.5")
    assert jam["opened"] == "2026-03-02T12:02:00+07:00"
    assert jam["first_response_due"] == "2026-03-02T18:02:00+07:00"
    assert jam["ended"] == ""


def test_spreadsheets_of_an_indonesian_and_of_an_english_page(city: City) -> None:
    with translation.override("id"):
        text = "".join(csv_for_spreadsheets(records(Complaint.objects.all(), None)))
    assert text.startswith(BOM)
    assert read_csv(text.removeprefix(BOM), ";")["jam"]["lat"] == "-2,5"
    with translation.override("en"):
        text = "".join(csv_for_spreadsheets(records(Complaint.objects.all(), None)))
    assert read_csv(text.removeprefix(BOM))["jam"]["lat"] == "-2.5"


def test_a_vendors_exact_spot_is_told_to_the_agency_that_must_act_alone(city: City) -> None:
    told = {
        own: read_csv(csv_for_programs(records(Complaint.objects.all(), own)))["vending"]
        for own in (None, "ppkukm", "satpol-pp")
    }
    assert (float(told["satpol-pp"]["lat"]), float(told["satpol-pp"]["lon"])) == VENDING_AT
    assert told["satpol-pp"]["place_is_coarse"] == "0"
    for other in (None, "ppkukm"):
        assert (told[other]["lat"], told[other]["lon"]) == ("-2.13", "106.11")
        assert (told[other]["place"], told[other]["place_is_coarse"]) == ("Jl. Vending", "1")


def test_geojson(city: City) -> None:
    Complaint.objects.filter(pk=city.flood.pk).update(lat=None, lon=None)
    found = json.loads("".join(geojson(records(Complaint.objects.order_by("pk"), None))))
    assert found["type"] == "FeatureCollection"
    features = {feature["properties"]["kind"]: feature for feature in found["features"]}
    assert features["jam"]["geometry"] == {"type": "Point", "coordinates": [106.5, -2.5]}
    assert features["flood"]["geometry"] is None
    assert set(features["jam"]["properties"]) == set(COLUMNS) - {"lat", "lon"}
    assert json.loads("".join(geojson(records(Complaint.objects.none(), None))))["features"] == []


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_no_cell_is_a_formula(start: str) -> None:
    evil = f'{start}HYPERLINK("https://evil.example","x")'
    nothing = (None,) * 5
    named = ("SGP-1", "T" * 12, "jam", "", "done", "")
    row = Record(*named, 1, evil, evil, False, -6.2, 106.8, NOON, NOON, *nothing, evil)
    for write, delimiter in ((csv_for_programs, ","), (csv_for_spreadsheets, ";")):
        cells = read_csv("".join(write([row])).removeprefix(BOM), delimiter)["jam"]
        assert cells["agency"] == cells["place"] == cells["assignee"] == f"'{evil}"
        assert cells["lat"][0] == "-", "a number stays one"


def test_many_rows_are_asked_for_once(city: City, django_assert_num_queries: Any) -> None:
    everything = visible_to(Actor(Role.OPERATOR, "oki"))
    with django_assert_num_queries(1):
        assert len(list(records(everything, None))) == 4
