"""Discovery, services, requests and tokens, in both formats."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from central.accounts.roles import Actor, Role
from central.complaints.models import Complaint
from central.incidents.deciding import confirm
from central.incidents.models import Incident
from central.open311.documents import moment, rendered
from central.reports.models import Report
from tests.central.desks.conftest import City
from tests.central.moments import NOON
from tests.central.open311.conftest import PLACE, Caller, parsed

pytestmark = pytest.mark.django_db

FIELDS = [
    "service_request_id",
    "status",
    "status_notes",
    "service_name",
    "service_code",
    "description",
    "agency_responsible",
    "service_notice",
    "requested_datetime",
    "updated_datetime",
    "expected_datetime",
    "address",
    "address_id",
    "zipcode",
    "lat",
    "long",
    "media_url",
]
ALL = {"start_date": "2026-03-01T00:00:00Z", "end_date": "2026-03-31T00:00:00Z"}


def code_of(thing: Complaint | Report) -> str:
    return "-".join((thing.tracking[:4], thing.tracking[4:8], thing.tracking[8:]))


def now_text(**ago: float) -> str:
    return str(moment(timezone.now() - timedelta(**ago)))


def test_discovery_names_both_formats(caller: Caller) -> None:
    found = caller.get("discovery.json")
    [endpoint] = found["endpoints"]
    assert set(found) == {"changeset", "contact", "key_service", "endpoints"}
    assert endpoint["url"] == "http://testserver/open311"
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["formats"] == ["text/xml", "application/json"]
    root, parts = caller.get("discovery.xml")
    [(name, [*_rest, formats])] = dict(parts)["endpoints"]
    assert (root, name) == ("discovery", "endpoint")
    assert formats == ("formats", [("format", "text/xml"), ("format", "application/json")])


def test_the_root_leads_to_discovery() -> None:
    assert Client().get("/open311/").headers["Location"] == "/open311/discovery.xml"


def test_services_are_what_citizens_see(caller: Caller) -> None:
    found = caller.get("services.json")
    assert [one["service_code"] for one in found] == ["jam", "flood", "vending", "parking"]
    assert [one["metadata"] for one in found] == [False, True, True, True]
    assert all(one["type"] == "realtime" for one in found)
    root, services = caller.get("services.xml")
    assert (root, {name for name, _ in services}) == ("services", {"service"})
    assert [dict(service)["metadata"] for _, service in services] == ["false", "true", "true", "true"]


def test_a_list_without_elements_is_an_array(caller: Caller) -> None:
    assert caller.get("services/jam.json") == {"service_code": "jam", "attributes": []}
    assert caller.get("services/jam.xml") == (
        "service_definition",
        [("service_code", "jam"), ("attributes", "")],
    )
    assert caller.get("requests.json") == []
    assert caller.get("requests.xml") == ("service_requests", "")


NOT_HERE = [
    ("services/potholes", {}, "service_code"),
    ("services/camera_fault", {}, "service_code"),
    ("requests", {"service_code": "flood,potholes"}, "service_code"),
    ("requests", {"service_request_id": "ZZZZ-ZZZZ-ZZZZ"}, "service_request_id"),
    ("requests/ZZZZ-ZZZZ-ZZZZ", {}, "service_request_id"),
    ("tokens/ZZZZ-ZZZZ-ZZZZ", {}, "token"),
    ("services", {"jurisdiction_id": "elsewhere"}, "jurisdiction_id"),
    ("services/flood", {"jurisdiction_id": "elsewhere"}, "jurisdiction_id"),
    ("requests", {"jurisdiction_id": "elsewhere"}, "jurisdiction_id"),
    ("requests/ZZZZ-ZZZZ-ZZZZ", {"jurisdiction_id": "elsewhere"}, "jurisdiction_id"),
    ("tokens/ZZZZ-ZZZZ-ZZZZ", {"jurisdiction_id": "elsewhere"}, "jurisdiction_id"),
]
UNREADABLE = [
    ("requests", {"status": "pending"}, "status"),
    ("requests", {"start_date": "yesterday"}, "start_date"),
    ("requests", {"start_date": "2026-03-02"}, "start_date"),
    ("requests", {"end_date": "2026-03-02T05:00:00"}, "end_date"),
    ("requests", {"end_date": "9999-12-31T00:00:00Z"}, "end_date"),
    ("requests", {"start_date": "2026-03-02T05:00:00Z", "end_date": "2026-03-02T04:00:00Z"}, "end_date"),
    ("requests", {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-04-01T00:00:01Z"}, "end_date"),
    ("requests", {"service_request_id": ",".join("A" * 1001)}, "service_request_id"),
    ("requests", {"page": "0"}, "page"),
    ("requests", {"page": "x"}, "page"),
    ("requests", {"page": "11"}, "page"),
    ("requests", {"page_size": "1001"}, "page_size"),
    ("requests", {"updated_after": "2026"}, "updated_after"),
    ("requests", {"extensions": "perhaps"}, "extensions"),
]


@pytest.mark.parametrize("form", ["json", "xml"])
@pytest.mark.parametrize(
    ("asked", "status"),
    [(row, 404) for row in NOT_HERE] + [(row, 400) for row in UNREADABLE],
)
def test_errors_name_the_parameter(
    caller: Caller, form: str, asked: tuple[str, dict[str, str], str], status: int
) -> None:
    address, query, parameter = asked
    answer = caller.client.get(f"/open311/{address}.{form}", query)
    answer = caller.read(answer, form, status)
    if form == "json":
        [error] = answer
    else:
        root, [(name, fields)] = answer
        assert (root, name) == ("errors", "error")
        error = dict(fields) | {"code": int(dict(fields)["code"])}
    assert set(error) == {"code", "description"}
    assert error["code"] == status
    assert error["description"].startswith(f"{parameter}:")


def test_the_citys_own_jurisdiction_is_known(caller: Caller, settings: Any) -> None:
    settings.JURISDICTION = "pangkalpinang.example"
    assert caller.get("services.json", jurisdiction_id="pangkalpinang.example")
    caller.get("services.json", 404, jurisdiction_id="elsewhere.example")


def test_another_method_is_told_what_the_address_answers(caller: Caller) -> None:
    response = caller.client.put("/open311/requests.json")
    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD, POST")
    assert caller.client.post("/open311/nothing-here").status_code == 404
    assert caller.client.get("/open311/requests.yaml").status_code == 404
    caller.read(caller.client.get("/open311/a%0Ab"), "xml", 404)


def test_a_complaint_as_a_request(city: City, caller: Caller) -> None:
    code = code_of(city.jam)
    [row] = caller.get(f"requests/{code}.json")
    assert list(row) == FIELDS
    assert row["service_request_id"] == code
    assert (row["status"], row["service_code"], row["requested_datetime"]) == ("open", "jam", "2026-03-02T05:02:00Z")
    assert row["expected_datetime"] == moment(city.jam.completion_due)
    assert (row["lat"], row["long"]) == (-2.5, 106.5)
    assert row["media_url"] == f"http://testserver/c/{code}/still/{city.still}/"
    assert caller.client.get(row["media_url"]).headers["Content-Type"] == "image/jpeg"
    assert row["description"]
    assert row["agency_responsible"] == city.jam.agency.name
    root, [(name, fields)] = caller.get(f"requests/{code}.xml")
    assert (root, name, [field for field, _ in fields]) == ("service_requests", "request", FIELDS)
    assert dict(fields)["lat"] == "-2.5"
    assert dict(fields)["zipcode"] == ""


def test_a_vending_place_is_coarse(city: City, caller: Caller) -> None:
    [row] = caller.get(f"requests/{code_of(city.vending)}.json")
    assert (row["lat"], row["long"], row["address"]) == (-2.13, 106.11, "Jl. Vending")
    [posted] = caller.post(
        service_code="vending",
        lat="-2.48765",
        long="106.43219",
        address_string="Jl. Merdeka 5",
        description="Pak Budi's cart",
    )
    report = Report.objects.get()
    confirm(report.incident_id, Actor(role=Role.OPERATOR, name="oki"), timezone.now())
    [row] = caller.get(f"requests/{posted['service_request_id']}.json")
    assert (row["lat"], row["long"], row["address"]) == (-2.49, 106.43, None)


def test_filters(city: City, caller: Caller) -> None:
    def codes(**query: str) -> list[str]:
        return [row["service_code"] for row in caller.get("requests.json", **(ALL | query))]

    assert sorted(codes()) == ["flood", "jam", "parking", "vending"]  # never the camera's own fault
    assert sorted(codes(service_code="jam,flood")) == ["flood", "jam"]
    city.end("jam", 200)
    assert codes(status="closed") == ["jam"]
    assert sorted(codes(status="open")) == ["flood", "parking", "vending"]
    assert sorted(codes(status="open,closed")) == ["flood", "jam", "parking", "vending"]
    assert codes(start_date="2026-03-02T05:02:01Z") == []
    assert len(codes(start_date="2026-03-02T12:02:00+07:00", end_date="2026-03-02T05:02:00Z")) == 4
    assert codes(end_date="2026-03-02T05:01:59Z") == []


def test_ids_override_all_other_filters(city: City, caller: Caller) -> None:
    both = f"{code_of(city.jam)},{city.flood.tracking.lower()},ZZZZ-ZZZZ-ZZZZ"
    rows = caller.get("requests.json", service_request_id=both, status="closed", service_code="parking", **ALL)
    assert {row["service_code"] for row in rows} == {"jam", "flood"}


def test_the_last_ninety_days_are_the_default(city: City, caller: Caller) -> None:
    Complaint.objects.exclude(pk=city.jam.pk).update(opened=timezone.now() - timedelta(days=91))
    Complaint.objects.filter(pk=city.jam.pk).update(opened=timezone.now() - timedelta(days=89))
    assert [row["service_code"] for row in caller.get("requests.json")] == ["jam"]
    assert len(caller.get("requests.json", end_date=now_text(days=90))) == 3
    assert len(caller.get("requests.json", start_date=now_text(days=92))) == 4


def test_a_thousand_at_most_and_newest_first(caller: Caller) -> None:
    caller.post(**PLACE)
    first = Report.objects.get()
    Report.objects.bulk_create(
        Report(
            tracking=f"{n:012d}",
            incident=first.incident,
            first=False,
            kind="flood",
            channel="open311",
            sender=f"phone:{n}",
            received=first.received - timedelta(seconds=n),
            last_received=first.received,
        )
        for n in range(1, 1002)
    )
    rows = caller.get("requests.json")
    assert len(rows) == 1000
    assert rows[0]["service_request_id"] == code_of(first)
    assert rows == sorted(rows, key=lambda row: row["requested_datetime"], reverse=True)


def test_a_report_is_a_request_that_tells_nothing_of_its_sender(caller: Caller) -> None:
    [posted] = caller.post(
        **PLACE,
        description="my words",
        address_string="at my gate",
        email="a@example.org",
        phone="0812",
        first_name="Ani",
    )
    code = posted["service_request_id"]
    [row] = caller.get(f"requests/{code}.json")
    assert list(row) == FIELDS
    assert (row["status"], row["service_code"], row["lat"]) == ("open", "flood", -2.13)
    assert (row["description"], row["address"]) == (None, None)  # nobody has read them yet
    confirm(Incident.objects.get().pk, Actor(role=Role.OPERATOR, name="oki"), timezone.now())
    [row] = caller.get(f"requests/{code}.json")
    assert (row["description"], row["address"]) == ("my words", "at my gate")
    response = caller.client.get(f"/open311/requests/{code}.xml")
    assert not any(told in response.content.decode() for told in ("a@example.org", "0812", "Ani"))


def test_a_report_follows_its_incident(city: City, caller: Caller) -> None:
    [posted] = caller.post(lat="-2.5", long="106.5")
    [row] = caller.get(f"requests/{posted['service_request_id']}.json")
    assert row["status_notes"].startswith(code_of(city.flood))
    assert row["agency_responsible"] == city.flood.agency.name
    by_status = {"open": 1, "closed": 0}
    for state, closed in (("candidate", 0), ("cleared", 0), ("closed", 1), ("rejected", 1)):
        Incident.objects.filter(pk=Report.objects.get().incident_id).update(state=state)
        for status in by_status:
            rows = caller.get("requests.json", status=status, service_code="flood", start_date=now_text(hours=1))
            assert len(rows) == (closed if status == "closed" else 1 - closed), (state, status)
            assert all(one["status"] == status for one in rows)


def test_a_token_is_the_id(caller: Caller) -> None:
    [posted] = caller.post(**PLACE)
    code = posted["service_request_id"]
    assert caller.get(f"tokens/{code}.json") == [{"service_request_id": code, "token": code}]
    assert caller.get(f"tokens/{code}.xml") == (
        "service_requests",
        [("request", [("service_request_id", code), ("token", code)])],
    )


def test_xml_says_what_it_cannot_carry_without_breaking() -> None:
    document = rendered("xml", "errors", [{"code": 400, "description": "a\x00b\x1f<&>\ud800 é 😀"}])
    assert parsed(document) == ("errors", [("error", [("code", "400"), ("description", "ab<&> é 😀")])])


def test_times_are_utc_to_the_second() -> None:
    assert moment(NOON.astimezone(timezone.get_default_timezone()).replace(microsecond=999)) == "2026-03-02T05:00:00Z"
    assert moment(None) is None
