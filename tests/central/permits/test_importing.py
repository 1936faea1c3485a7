"""Permits from files: all or nothing, and every error with its line."""

import json
from typing import Any

import pytest

from central.accounts.roles import Actor, Role
from central.permits.changing import keep
from central.permits.importing import read
from central.permits.models import Permit
from tests.central.moments import at
from tests.central.permits.places import outline, permit

pytestmark = pytest.mark.django_db

HEAD = "sk,name,kind,valid_from,valid_to,hours,time_zone,capacity,outline"
WKT = '"POLYGON ((106.11 -2.13, 106.12 -2.13, 106.12 -2.12, 106.11 -2.13))"'
GOOD = f'SK 1/2026,Loksem Pasar Pagi,loksem,2026-01-01,2026-12-31,"Mon-Fri 06:00-12:00",Asia/Jakarta,40,{WKT}'


def csv(*lines: str, head: str = HEAD) -> bytes:
    return "\n".join((head, *lines, "")).encode()


def feature(properties: Any, ring: Any = None, kind: str = "Polygon") -> dict[str, Any]:
    corners = outline() if ring is None else ring
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": [corners]}}


def geojson(*features: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def faults(name: str, content: bytes) -> list[tuple[str, str]]:
    taken = read(name, content)
    assert taken.permits == ()
    return [(fault.where, fault.what) for fault in taken.faults]


def test_csv() -> None:
    taken = read("izin.csv", csv(GOOD))
    assert taken.faults == ()
    keep(taken.permits, Actor(Role.ADMIN, "adi"), at(0))
    kept = Permit.objects.get()
    assert (kept.sk, kept.capacity, kept.hours) == ("SK 1/2026", 40, "Mon-Fri 06:00-12:00")
    assert kept.ring == [[106.11, -2.13], [106.12, -2.13], [106.12, -2.12]]
    assert (kept.south, kept.west, kept.north, kept.east) == (-2.13, 106.11, -2.12, 106.12)


def test_what_is_left_out_has_its_default() -> None:
    short = "sk;name;valid_from;valid_to;outline"
    row = f"SK 1;Pasar;2026-01-01;2026-12-31;{WKT}"
    (kept,) = read("izin.CSV", b"\xef\xbb\xbf" + csv(row, head=short)).permits
    assert (kept.kind, kept.hours, kept.capacity) == ("loksem", "Mon-Sun 00:00-24:00", None)


def test_geojson_changes_what_exists_and_keeps_what_it_does_not_name() -> None:
    old = permit()
    closed = [*outline(30), outline(30)[0]]
    properties = {"sk": old.sk, "name": old.name, "valid_from": "2026-01-01", "valid_to": "2027-06-30"}
    taken = read("izin.geojson", geojson(feature(properties, closed)))
    keep(taken.permits, Actor(Role.ADMIN, "adi"), at(0))
    kept = Permit.objects.get()
    assert (kept.pk, str(kept.valid_to), kept.capacity, kept.hours) == (old.pk, "2027-06-30", 2, "06:00-22:00")
    assert kept.ring == outline(30)


def test_every_error_is_told_by_its_line_and_nothing_is_taken() -> None:
    told = faults(
        "izin.csv",
        csv(
            GOOD,
            GOOD.replace("SK 1/2026", "").replace("2026-12-31", "2025-12-31"),
            GOOD.replace("Mon-Fri 06:00-12:00", "pagi").replace("40", "0").replace("SK 1", "SK 3"),
            GOOD.replace("POLYGON", "POLIGON").replace("SK 1", "SK 4"),
            GOOD.replace("106.12 -2.12,", "").replace("SK 1", "SK 5"),
            "SK 6,too,few",
            GOOD.replace("2026-01-01", "1 Januari").replace("SK 1", "SK 7"),
            GOOD,
        ),
    )
    assert [where for where, _ in told] == [
        "Baris 3",
        "Baris 3",
        "Baris 4",
        "Baris 4",
        "Baris 5",
        "Baris 6",
        "Baris 7",
        "Baris 8",
        "Baris 9",
    ]
    what = dict(told)
    assert "WKT" in what["Baris 5"]
    assert "Baris 2" in what["Baris 9"]
    assert not Permit.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("izin.csv", b"sk,name\n", "valid_from"),
        ("izin.csv", csv(GOOD, head=HEAD + ",colour"), "colour"),
        ("izin.csv", csv(), "0 izin"),
        ("izin.csv", b"\xff\xfe\x00", "UTF-8"),
        ("izin.geojson", b"{", "JSON"),
        ("izin.geojson", b"[]", "FeatureCollection"),
    ],
)
def test_what_is_no_file_of_permits(name: str, content: bytes, told: str) -> None:
    ((where, what),) = faults(name, content)
    assert where == ""
    assert told in what


@pytest.mark.parametrize(
    "broken",
    [
        7,
        {"type": "Feature"},
        {"type": "Feature", "properties": {"sk": "SK 1"}, "geometry": None},
        feature({"sk": "SK 1"}, [[106, -2], [107, -2]]),
        feature({"sk": "SK 1", "name": "bow tie"}, [[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]),
        feature({"sk": "SK 1", "name": "away"}, [[500, 0], [501, 1], [500, 1], [500, 0]]),
        feature({"sk": "SK 1", "name": "many"}, [[[[0, 0], [1, 0], [1, 1], [0, 0]]]], "MultiPolygon"),
        feature({"sk": {"a": 1}, "name": ["b"]}),
    ],
)
def test_what_is_no_permit_in_geojson(broken: Any) -> None:
    told = faults("izin.json", geojson(broken))
    assert {where for where, _ in told} == {"Fitur 1"}
