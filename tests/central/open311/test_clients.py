"""Other people's clients, from PyPI and unpatched, against our server as it is served.

`three` 0.8.0 was written for Python 2: it imports `itertools.ifilter` and, for XML, takes the first of a mapping's keys
by index. The first is given to it while it is imported; the second is its own and cannot be had from outside, so three
is tried with JSON. `three` also asks with `page_size` for `count`, and writes dates without hours.
"""

import itertools
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import requests
from georeport import GeoReport

from tests.central.otherside import OtherSide, running
from tests.central.reports.pictures import photo

PLACE = {"lat": "-6.2", "long": "106.8"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OtherSide]:
    """A real server with real processes."""
    with running(tmp_path_factory.mktemp("open311")) as other:
        yield other


@pytest.fixture(scope="module")
def key(server: OtherSide) -> str:
    return str(server.do("key", label="clients"))


@pytest.fixture(scope="module")
def three() -> ModuleType:
    """The client, with the function that Python 3 renamed while it is imported."""
    itertools.ifilter = filter  # type: ignore[attr-defined]
    try:
        import three as client
    finally:
        del itertools.ifilter  # type: ignore[attr-defined]
    sys.modules["three.core"].ifilter = filter  # type: ignore[attr-defined]
    return client  # type: ignore[no-any-return]


def test_three(server: OtherSide, key: str, three: Any, tmp_path: Path) -> None:
    picture = tmp_path / "banjir.jpg"
    picture.write_bytes(photo())
    client = three.Three(f"{server.url}/open311", api_key=key, jurisdiction="crm.example")
    assert client.discovery()["endpoints"][0]["url"] == f"{server.url}/open311"
    assert [service["service_code"] for service in client.services()] == ["jam", "flood", "vending", "parking"]
    assert client.services("flood")["attributes"][0]["code"] == "depth"
    [posted] = client.post("flood", address="Jl. Merdeka 5", name="Ani Budi", description="banjir", **PLACE)
    assert client.post_response.status_code == 200
    code = posted["service_request_id"]
    with picture.open("rb") as file:
        [again] = client.post("flood", name="Ani Budi", description="banjir", media=file, **PLACE)
    assert client.post_response.status_code == 200, "it sends multipart/form-data now"
    assert again["service_request_id"] == code
    assert client.token(code) == [{"service_request_id": code, "token": code}]
    [request] = client.request(code)
    assert (request["status"], request["service_code"]) == ("open", "flood")
    assert code in {row["service_request_id"] for row in client.requests()}
    assert code in {row["service_request_id"] for row in client.requests("flood", status="open", count=5)}
    assert client.requests("jam") == []
    today = datetime.now(UTC)
    between = [(today + timedelta(days=days)).strftime("%m-%d-%Y") for days in (-1, 1)]
    assert code in {row["service_request_id"] for row in client.requests(between=between)}
    [error] = client.post("flood", **PLACE, api_key="wrong")
    assert error["code"] == 403
    [error] = client.services("potholes")
    assert (error["code"], client._request.status_code) == (404, 404)
    [error] = client.services("flood", jurisdiction_id="elsewhere.example")
    assert error["code"] == 404


@pytest.mark.parametrize("form", ["json", "xml"])
def test_georeport(form: str, server: OtherSide, key: str) -> None:
    fields = {"api_key": key, "service_code": "jam", "account_id": form} | PLACE
    answer = requests.post(f"{server.url}/open311/requests.json", data=fields, timeout=30)
    code = answer.json()[0]["service_request_id"]
    client = GeoReport(f"{server.url}/open311", jurisdiction="crm.example", output_format=form)
    assert [service["service_code"] for service in client.get_service_list()] == ["jam", "flood", "vending", "parking"]
    definition = client.get_service_definition("vending")
    assert definition["service_code"] == "vending"
    request = client.get_service_request(code)
    assert (request["service_request_id"], request["service_code"], request["status"]) == (code, "jam", "open")
    since = (datetime.now(UTC) - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    listed = client.get_service_requests(service_code="jam", start_date=since, status="open")
    found = listed if isinstance(listed, list) else [listed]  # xmltodict makes no list of a single element
    assert code in {row["service_request_id"] for row in found}
    both = client.get_service_requests(service_request_id=f"{code},ZZZZ-ZZZZ-ZZZZ", status="closed")
    assert (both if isinstance(both, list) else [both])[0]["service_request_id"] == code
    elsewhere = GeoReport(f"{server.url}/open311", jurisdiction="elsewhere.example", output_format=form)
    with pytest.raises(requests.HTTPError, match="404"):
        elsewhere.get_service_list()
