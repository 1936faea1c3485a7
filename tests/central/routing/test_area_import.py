"""GeoJSON files as people send them."""

import json
from copy import deepcopy
from typing import Any

import pytest
from django.utils import translation

from central.routing.area_import import NotImported, import_areas, read_areas
from central.routing.models import Area, Stamp
from central.routing.seeding import SEEDS
from tests.central.moments import NOON, at

pytestmark = pytest.mark.django_db

SQUARE = {
    "type": "Polygon",
    "coordinates": [[[106.8, -6.2], [106.9, -6.2], [106.9, -6.1], [106.8, -6.1], [106.8, -6.2]]],
}


@pytest.fixture(autouse=True)
def _english() -> object:
    with translation.override("en"):
        yield


def feature(code: Any = "kec-a", geometry: Any = SQUARE, **properties: Any) -> dict[str, Any]:
    about = {"code": code, "name": "Kecamatan A", "level": "kecamatan"} | properties
    return {"type": "Feature", "properties": about, "geometry": geometry}


def file(*features: Any, **more: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features)} | more).encode()


def faults(content: bytes) -> list[str]:
    with pytest.raises(NotImported) as refused:
        read_areas(content)
    return [str(fault) for fault in refused.value.faults]


def ring(*corners: tuple[float, ...]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[list(corner) for corner in corners]]}


@pytest.mark.parametrize(
    ("geometry", "said"),
    [
        ({"type": "Point", "coordinates": [106.8, -6.2]}, "Expected a Polygon or MultiPolygon, found Point"),
        ({"type": "Polygon", "coordinates": []}, "the polygon is empty"),
        (ring((106.8, -6.2), (106.9, -6.2)), "coordinates cannot be read"),
        ({"type": "Polygon", "coordinates": [[["a", "b"]] * 4]}, "coordinates cannot be read"),
        ({"type": "Polygon", "coordinates": "106.8"}, "coordinates cannot be read"),
        (ring((-6.2, 106.8), (-6.2, 106.9), (-6.1, 106.9), (-6.2, 106.8)), "write [longitude, latitude]"),
        (
            ring((700000, 9300000), (701000, 9300000), (701000, 9301000), (700000, 9300000)),
            "convert the file to WGS 84",
        ),
        (ring((0, 0), (1, 1), (1, 0), (0, 1), (0, 0)), "not valid (Self-intersection"),
        ("text", "Expected a Polygon or MultiPolygon"),
    ],
)
def test_each_bad_polygon_says_which_and_what_to_do(geometry: Any, said: str) -> None:
    (told,) = faults(file(feature("good"), feature("bad", geometry)))
    assert told.startswith("feature 2 (bad): ")
    assert said.lower() in told.lower()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (feature(""), "property “code”"),
        (feature("Kec Menteng"), "property “code”"),
        (feature(name=""), "property “name”"),
        (feature(name="x" * 121), "property “name”"),
        (feature(level="dusun"), "property “level” must be one of: provinsi, kota"),
        (feature(approximate="yes"), "property “approximate”"),
        ("no feature", "not a GeoJSON Feature"),
        ({"type": "Feature", "geometry": SQUARE, "properties": None}, "property “code”"),
    ],
)
def test_each_bad_feature_is_named(wrong: Any, said: str) -> None:
    told = faults(file(wrong))
    assert told[0].startswith("feature 1")
    assert any(said in fault for fault in told)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe", "file: not UTF-8"),
        (b'{\n"type": }', "line 2: not JSON"),
        (b"[]", "FeatureCollection"),
        (file(), "no feature"),
        (b"[" * 100_000, "file: nested too deeply"),
        (file(feature(), crs={"properties": {"name": "urn:ogc:def:crs:EPSG::32748"}}), "convert the file to WGS 84"),
    ],
)
def test_each_bad_file_is_refused(content: bytes, said: str) -> None:
    (told,) = faults(content)
    assert said in told


def test_every_fault_of_the_file_is_listed() -> None:
    told = faults(file(feature("a"), feature("a"), feature("b", name="", level="?"), feature("c", ring((0, 0)))))
    assert [fault.split(":")[0] for fault in told] == [
        "feature 2 (a)",
        "feature 3 (b)",
        "feature 3 (b)",
        "feature 4 (c)",
    ]
    assert "is that of feature 1 too" in told[0]


def test_importing_twice_changes_nothing_the_second_time() -> None:
    rows = read_areas(file(feature(), feature("kec-b", None, source="BIG 2025")))
    first = import_areas(rows, NOON)
    assert (first.added, first.changed, first.same) == (2, 0, 0)
    stamp = Stamp.objects.get().value
    second = import_areas(read_areas(file(feature(), feature("kec-b", None, source="BIG 2025"))), at(5))
    assert (second.added, second.changed, second.same) == (0, 0, 2)
    assert Stamp.objects.get().value == stamp
    area = Area.objects.get(pk="kec-a")
    assert (area.version, area.changed, area.level, area.approximate) == (1, NOON, "district", False)
    assert Area.objects.get(pk="kec-b").polygon == {}


def test_a_changed_area_gets_a_new_version_and_others_stay() -> None:
    import_areas(read_areas(file(feature(), feature("kec-b"))), NOON)
    moved = deepcopy(SQUARE)
    moved["coordinates"][0][1] = [107.0, -6.2]
    outcome = import_areas(read_areas(file(feature("kec-b", moved))), at(5))
    assert (outcome.added, outcome.changed) == (0, 1)
    assert outcome.changes[0].before is not None
    assert outcome.changes[0].before["polygon"] == SQUARE
    assert (Area.objects.get(pk="kec-b").version, Area.objects.get(pk="kec-b").changed) == (2, at(5))
    assert Area.objects.get(pk="kec-a").version == 1


def test_a_dry_run_counts_and_changes_nothing() -> None:
    stamp = Stamp.objects.get().value
    outcome = import_areas(read_areas(file(feature())), NOON, dry_run=True)
    assert outcome.added == 1
    assert not Area.objects.exists()
    assert Stamp.objects.get().value == stamp


def test_heights_are_dropped_and_holes_kept() -> None:
    high = {"type": "Polygon", "coordinates": [[[*corner, 12.5] for corner in SQUARE["coordinates"][0]]]}
    hole = [[106.84, -6.16], [106.86, -6.16], [106.86, -6.14], [106.84, -6.16]]
    holed = {"type": "Polygon", "coordinates": [SQUARE["coordinates"][0], hole]}
    flat, ringed = read_areas(file(feature("a", high), feature("b", holed)))
    assert flat["polygon"] == SQUARE
    assert ringed["polygon"]["coordinates"] == holed["coordinates"]


@pytest.mark.parametrize(("city", "districts"), [("jakarta", 44), ("pangkalpinang", 7)])
def test_our_own_areas_are_labelled_as_approximate(city: str, districts: int) -> None:
    rows = read_areas((SEEDS / f"{city}.geojson").read_bytes())
    assert sum(row["level"] == "district" for row in rows) == districts
    assert all(row["approximate"] and "bukan batas resmi" in row["source"] for row in rows)
