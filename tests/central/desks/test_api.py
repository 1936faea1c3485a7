"""The public JSON API."""

import json

import pytest

from central.complaints.numbers import grouped
from tests.central.desks.conftest import City, client_of, work

pytestmark = pytest.mark.django_db


def get(path: str) -> dict[str, object]:
    response = client_of(None).get(path)
    assert response.status_code == 200, response.content
    assert response.headers["Content-Type"].startswith("application/json")
    return json.loads(response.content)  # type: ignore[no-any-return]


def test_open_complaints(city: City) -> None:
    work(city.flood, "start", "report_done", "accept")
    found = get("/api/v1/complaints")
    assert found["count"] == 3
    by_kind = {item["kind"]: item for item in found["items"]}  # type: ignore[attr-defined]
    assert set(by_kind) == {"jam", "vending", "parking"}
    code = grouped(city.jam.tracking)
    assert by_kind["jam"] == {
        "number": city.jam.number,
        "tracking": code,
        "kind": "jam",
        "place": "Jl. Jam, arah utara",
        "agency": "Dishub",
        "state": "waiting",
        "open": True,
        "opened": by_kind["jam"]["opened"],
        "ended": None,
        "url": f"http://testserver/c/{code}/",
    }
    assert by_kind["vending"]["place"] == "Jl. Vending", "coarse"


def test_all_and_limit(city: City) -> None:
    work(city.flood, "start", "report_done", "accept")
    found = get("/api/v1/complaints?state=all&limit=2")
    assert found["count"] == 4
    assert len(found["items"]) == 2  # type: ignore[arg-type]
    states = {item["state"] for item in get("/api/v1/complaints?state=all")["items"]}  # type: ignore[attr-defined]
    assert states == {"waiting", "done"}


@pytest.mark.parametrize("query", ["state=closed", "limit=0", "limit=501", "limit=x"])
def test_bad_parameters_are_named(query: str, city: City) -> None:
    response = client_of(None).get(f"/api/v1/complaints?{query}")
    assert response.status_code == 422
    assert query.partition("=")[0] in response.content.decode()


def test_description_and_health(city: City) -> None:
    assert get("/api/v1/health") == {"ok": True}
    description = get("/api/v1/openapi.json")
    assert {"/api/v1/health", "/api/v1/complaints"} == set(description["paths"])  # type: ignore[call-overload]
