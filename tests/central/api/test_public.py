"""What everybody may read."""

from datetime import timedelta

import pytest

from central.complaints.models import Complaint
from central.complaints.numbers import grouped
from tests.central.api.conftest import Program
from tests.central.desks.conftest import VENDING_AT, City, client_of, work

pytestmark = pytest.mark.django_db


def numbers(answer: dict[str, list[dict[str, str]]]) -> list[str]:
    return [item["number"] for item in answer["items"]]


def kinds(answer: dict[str, list[dict[str, str]]]) -> set[str]:
    return {item["kind"] for item in answer["items"]}


def test_open_complaints(city: City) -> None:
    work(city.flood, "start", "report_done", "accept")
    found = Program().get("/complaints")
    assert found["count"] == 3
    assert found["next"] is None
    by_kind = {item["kind"]: item for item in found["items"]}
    assert set(by_kind) == {"jam", "vending", "parking"}
    code = grouped(city.jam.tracking)
    assert by_kind["jam"] == {
        "number": city.jam.number,
        "tracking": code,
        "kind": "jam",
        "place": "Jl. Jam, arah utara",
        "lat": -2.5,
        "lon": 106.5,
        "agency": "Dishub",
        "agency_code": "dishub",
        "state": "waiting",
        "open": True,
        "opened": "2026-03-02T05:02:00Z",
        "changed": "2026-03-02T05:02:00Z",
        "ended": None,
        "expected": by_kind["jam"]["expected"],
        "url": f"http://testserver/c/{code}/",
        "staff": None,
    }
    vending = by_kind["vending"]
    assert (vending["place"], vending["lat"], vending["lon"]) == ("Jl. Vending", -2.13, 106.11), "coarse"


def test_one_complaint_with_what_the_public_may_know_of_its_history(city: City) -> None:
    work(city.jam, "start", "reassign", note="rahasia petugas")
    for code in (city.jam.number, city.jam.number.lower(), city.jam.tracking, grouped(city.jam.tracking)):
        found = Program().get(f"/complaints/{code}")
        assert [step["action"] for step in found["history"]] == ["open", "start"], "not what stays in the agency"
        assert {step["note"] for step in found["history"]} == {None}
    assert b"rahasia" not in client_of(None).get(f"/api/v1/complaints/{city.jam.number}").content


@pytest.mark.parametrize("code", ["SGP-2026-999999", "ZZZZ-ZZZZ-ZZZZ", "%00", "%F0%9F%98%80", "x" * 300])
def test_a_complaint_that_is_not_there(code: str, seeded: None) -> None:
    assert Program().get(f"/complaints/{code}", 404)["type"].endswith("#not-found")


def test_states(city: City) -> None:
    work(city.flood, "start", "report_done", "accept")
    work(city.jam, "start")
    assert kinds(Program().get("/complaints?state=all")) == {"jam", "flood", "vending", "parking"}
    assert kinds(Program().get("/complaints?state=ended")) == {"flood"}
    assert kinds(Program().get("/complaints?state=done")) == {"flood"}
    assert kinds(Program().get("/complaints?state=in_progress")) == {"jam"}


def test_kinds_and_agencies(city: City) -> None:
    assert kinds(Program().get("/complaints?kind=jam&kind=flood")) == {"jam", "flood"}
    assert kinds(Program().get("/complaints?agency=dishub")) >= {"jam"}
    assert kinds(Program().get("/complaints?agency=dishub&agency=sda")) >= {"jam", "flood"}
    assert Program().get("/complaints?agency=nobody")["count"] == 0


def test_a_box(city: City) -> None:
    assert kinds(Program().get("/complaints?bbox=106.4,-2.6,106.6,-2.4")) == {"jam", "flood", "parking"}
    assert Program().get("/complaints?bbox=106.5,-2.5,106.5,-2.5")["count"] == 3, "the border belongs to it"
    assert Program().get("/complaints?bbox=1,1,2,2")["count"] == 0


def test_a_box_does_not_tell_where_a_vendor_stands(city: City) -> None:
    lat, lon = VENDING_AT
    around = f"{lon - 0.0001},{lat - 0.0001},{lon + 0.0001},{lat + 0.0001}"
    coarse = "106.1099,-2.1301,106.1101,-2.1299"
    assert Program().get(f"/complaints?bbox={around}")["count"] == 0
    assert kinds(Program().get(f"/complaints?bbox={coarse}")) == {"vending"}


def test_what_changed_since(city: City) -> None:
    work(city.flood, "start", seconds=500)
    work(city.jam, "start", seconds=300)
    found = Program().get("/complaints?state=all&updated_since=2026-03-02T05:05:00Z")
    assert [item["kind"] for item in found["items"]] == ["jam", "flood"], "in the order of the changes"
    assert Program().get("/complaints?updated_since=2026-03-02T12:08:21%2B07:00")["count"] == 0


@pytest.mark.parametrize("order", ["", "&updated_since=2026-03-01T00:00:00Z"])
def test_pages_follow_each_other_without_gap_or_repetition(order: str, city: City) -> None:
    everything = numbers(Program().get(f"/complaints?state=all{order}"))
    program, path, seen = Program(), f"/complaints?state=all&limit=1{order}", []
    while path:
        page = program.get(path)
        assert page["count"] == 4
        seen += numbers(page)
        path = (page["next"] or "").removeprefix("http://testserver/api/v1")
        # What comes in meanwhile moves nothing.
        Complaint.objects.filter(number=seen[0]).update(opened=city.jam.opened + timedelta(days=1))
    assert seen == everything


BAD = [
    "state=closed",
    "limit=0",
    "limit=501",
    "limit=x",
    "kind=pothole",
    "bbox=1,2,3",
    "bbox=2,0,1,0",
    "bbox=0,-91,0,0",
    "bbox=nan,0,1,1",
    "updated_since=yesterday",
    "updated_since=2026-03-02T05:00:00",
    "updated_since=0001-01-01T00:00:00Z",
    "cursor=x",
    "cursor=!",
    "agency=%00",
]


@pytest.mark.parametrize("query", BAD)
def test_bad_parameters_are_named(query: str, seeded: None) -> None:
    problem = Program().get(f"/complaints?{query}", 422)
    name = query.partition("=")[0]
    assert problem["errors"][0]["where"].startswith(f"query.{name}")
    assert name in problem["detail"]


def test_a_misspelt_filter_is_no_filter(seeded: None) -> None:
    problem = Program().get("/complaints?kinds=jam", 422)
    assert problem["errors"] == [{"where": "query.kinds", "message": "there is no such parameter"}]
    assert "kind" in problem["detail"]
    Program().get("/agencies?x=1", 422)


def test_agencies(seeded: None) -> None:
    items = Program().get("/agencies")["items"]
    assert {"code": "dishub", "name": "Dinas Perhubungan", "short": "Dishub"} in items


def test_what_has_not_changed_is_not_sent_again(city: City) -> None:
    program = Program()
    program.get("/complaints")
    tag = program.last.headers["ETag"]
    program.get("/complaints", 304, **{"If-None-Match": tag})
    work(city.jam, "start")
    program.get("/complaints", 200, **{"If-None-Match": tag})


def test_head_beside_get(seeded: None) -> None:
    response = client_of(None).head("/api/v1/complaints")
    assert (response.status_code, response.content) == (200, b"")


def test_description_and_health(db: None) -> None:
    assert Program().get("/health") == {"ok": True}
    description = Program().get("/openapi.json")
    assert description["openapi"].startswith("3.1")
    assert {"/api/v1/health", "/api/v1/complaints", "/api/v1/reports"} <= set(description["paths"])
    complaints = description["paths"]["/api/v1/complaints"]["get"]
    assert complaints["security"] == [{}, {"Bearer": []}]
    assert description["paths"]["/api/v1/incidents"]["get"]["security"] == [{"Bearer": []}]
    assert "application/problem+json" in complaints["responses"]["default"]["content"]


def test_the_page_for_people_explains_every_operation_and_problem(db: None) -> None:
    from central.api.problems import KINDS

    page = client_of(None).get("/api/v1/docs").content.decode()
    for path in Program().get("/openapi.json")["paths"]:
        assert path in page
    assert all(f'id="{kind.slug}"' in page for kind in KINDS)
    assert "<script>" not in page
    assert "cdn" not in page.lower()
