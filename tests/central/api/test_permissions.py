"""Every address × every owner's role × own and foreign objects."""

from typing import Any
from uuid import UUID

import pytest

from central.accounts.roles import Role
from central.api.scopes import Scope
from central.complaints.numbers import grouped
from central.reports.models import Report
from central.reports.taking import Sent, take
from tests.central.api.conftest import Program, program_of
from tests.central.desks.conftest import VENDING_AT, City, staff, work
from tests.central.moments import at

pytestmark = pytest.mark.django_db

OWNERS = ("public", "roleless", "operator", "dishub", "bpbd", "satpol", "admin")


def row(*statuses: int) -> dict[str, int]:
    """In the order of OWNERS; an auditor reads what an operator reads."""
    given = dict(zip(OWNERS, statuses, strict=True))
    return given | {"auditor": given["operator"]}


EVERYBODY = row(200, 200, 200, 200, 200, 200, 200)
SIGNED_IN = row(401, 200, 200, 200, 200, 200, 200)
FOREIGN = row(401, 404, 404, 404, 404, 404, 404)
OF_THE_JAM = row(401, 404, 200, 200, 404, 404, 200)
TABLE: dict[str, list[tuple[str, str, dict[str, int]]]] = {
    "/health": [("get", "/health", EVERYBODY)],
    "/agencies": [("get", "/agencies", EVERYBODY)],
    "/complaints": [("get", "/complaints", EVERYBODY)],
    "/complaints/{code}": [
        ("get", "/complaints/{jam}", row(200, 200, 200, 200, 404, 404, 200)),
        ("get", "/complaints/{flood}", row(200, 200, 200, 200, 200, 404, 200)),  # dishub and BPBD are informed
        ("get", "/complaints/{vending}", row(200, 200, 200, 404, 404, 200, 200)),
    ],
    "/incidents": [("get", "/incidents", SIGNED_IN)],
    "/incidents/{pk}": [
        ("get", "/incidents/{jam_incident}", OF_THE_JAM),
        ("get", "/incidents/{candidate}", row(401, 404, 200, 404, 404, 404, 200)),
    ],
    "/reports": [
        ("get", "/reports", SIGNED_IN),
        ("post", "/reports", row(401, 422, 422, 422, 422, 422, 422)),  # an empty report: the scope is enough
    ],
    "/photos": [("post", "/photos", row(401, 422, 422, 422, 422, 422, 422))],  # none sent: the scope is enough
    "/webhooks": [
        ("get", "/webhooks", SIGNED_IN),
        ("post", "/webhooks", row(401, 422, 422, 422, 422, 422, 422)),  # an empty one: the scope is enough
    ],
    # Each its own and no other's: see tests/central/hooks.
    "/webhooks/{pk}": [(method, "/webhooks/{nobody's}", FOREIGN) for method in ("get", "patch", "delete")],
    "/webhooks/{pk}/secret": [("post", "/webhooks/{nobody's}/secret", FOREIGN)],
    "/webhooks/{pk}/test": [("post", "/webhooks/{nobody's}/test", FOREIGN)],
    "/reports/{tracking}": [("get", "/reports/{report}", EVERYBODY)],
}


def report_of(city: City, kind: str = "flood") -> Report:
    return take(Sent(kind, "api", "token:1", "up to the knee", "my gate", -2.5, 106.5), at(300)).report


def test_the_table_knows_every_address() -> None:
    described = Program().get("/openapi.json")["paths"]
    assert {path.removeprefix("/api/v1") for path in described} == set(TABLE)
    for path, cases in TABLE.items():
        assert {method for method, _, _ in cases} == set(described[f"/api/v1{path}"]), path


@pytest.mark.parametrize("path", sorted(TABLE))
def test_who_may_call_it(path: str, city: City, programs: dict[str, Program]) -> None:
    known = {
        "jam": city.jam.number,
        "flood": grouped(city.flood.tracking),
        "vending": city.vending.tracking,
        "jam_incident": city.jam.incident_id,
        "candidate": city.candidate.pk,
        "nobody's": UUID(int=7),
        "report": grouped(report_of(city).tracking),
    }
    for method, address, expected in TABLE[path]:
        for owner in expected:
            body = {} if method in {"post", "patch"} else None
            programs[owner].call(method, address.format_map(known), expected[owner], body)


def kinds(answer: dict[str, Any]) -> set[str]:
    return {item["kind"] for item in answer["items"]}


def test_lists_hold_what_the_owner_may_see(city: City, programs: dict[str, Program]) -> None:
    everything = {"jam", "flood", "vending", "parking"}
    for owner, seen in (
        ("public", everything),
        ("roleless", everything),  # what is public
        ("operator", everything),
        ("bpbd", {"flood"}),
        ("satpol", {"vending"}),
    ):
        assert kinds(programs[owner].get("/complaints?state=all")) == seen, owner
    assert kinds(programs["operator"].get("/incidents?state=all")) == everything | {"camera_fault"}
    assert kinds(programs["bpbd"].get("/incidents?state=all")) == {"flood"}
    assert programs["roleless"].get("/incidents?state=all")["count"] == 0


def test_staff_read_what_the_public_does_not(city: City, programs: dict[str, Program]) -> None:
    work(city.vending, "start", note="rahasia petugas")
    staff_view = programs["satpol"].get(f"/complaints/{city.vending.number}")
    assert (staff_view["lat"], staff_view["lon"]) == VENDING_AT
    assert staff_view["staff"]["informed"] == ["ppkukm"]
    assert staff_view["history"][-1]["note"] == "rahasia petugas"
    assert staff_view["history"][-1]["actor"] == "adi"
    without_scope = program_of(staff("sari", Role.OFFICER, "satpol-pp"), Scope.REPORTS_WRITE)
    for program in (programs["public"], programs["roleless"], without_scope):
        public_view = program.get(f"/complaints/{city.vending.number}")
        assert (public_view["lat"], public_view["staff"]) == (-2.13, None)
        assert "rahasia" not in str(public_view)


def test_numbers_of_foreign_complaints_are_left_out(city: City, programs: dict[str, Program]) -> None:
    path = f"/incidents/{city.flood.incident_id}"
    assert programs["bpbd"].get(path)["complaints"] == [city.flood.number]
    assert programs["operator"].get(path)["camera"] == "pgk-01/simpang"


def test_reports_are_read_by_operators_at_once_and_by_agencies_when_they_were_checked(
    city: City, programs: dict[str, Program]
) -> None:
    report_of(city)
    [told] = programs["operator"].get("/reports")["items"]
    assert (told["description"], told["address"], told["incident"]) == (
        "up to the knee",
        "my gate",
        city.flood.incident_id,
    )
    [told] = programs["bpbd"].get("/reports")["items"]
    assert (told["description"], told["address"]) == ("", "")
    for owner in ("satpol", "roleless"):
        assert programs[owner].get("/reports")["items"] == []
    assert "token:1" not in str(programs["operator"].get("/reports")), "who sent it stays here"
