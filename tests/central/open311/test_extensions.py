"""Attributes, links to pictures, several faults at once, pages, and answers that fit their own description."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.utils import timezone
from jsonschema import Draft202012Validator

from central.accounts.roles import Actor, Role
from central.incidents.deciding import confirm
from central.incidents.models import Incident
from central.open311.documents import moment
from central.reports.models import Report
from tests.central.desks.conftest import City, client_of, staff, work
from tests.central.open311.conftest import PLACE, Caller, parsed
from tests.central.open311.test_reading import ALL, code_of

pytestmark = pytest.mark.django_db


def posted(caller: Caller, *fields: tuple[str, str]) -> Any:
    """With fields that come more than once."""
    body = urlencode([("api_key", caller.key), *PLACE.items(), *fields])
    return caller.client.post("/open311/requests.json", body, "application/x-www-form-urlencoded")


def test_attributes_are_defined_in_both_formats(caller: Caller) -> None:
    [depth] = caller.get("services/flood.json")["attributes"]
    assert (depth["code"], depth["datatype"], depth["required"], depth["order"]) == (
        "depth",
        "singlevaluelist",
        False,
        1,
    )
    assert [value["key"] for value in depth["values"]] == ["0-10", "10-30", "30-70", "70-150", ">150"]
    _root, [_code, (_attributes, [(attribute, fields)])] = caller.get("services/flood.xml")
    assert attribute == "attribute"
    values = dict(fields)["values"]
    assert [name for name, _ in values] == ["value"] * 5
    assert values[0][1][0] == ("key", "0-10")


def test_attributes_are_kept(caller: Caller) -> None:
    posted(caller, ("service_code", "flood"), ("attribute[depth]", "30-70"), ("attribute[stalls]", ""))
    posted(caller, ("service_code", "vending"), ("attribute[stalls]", "3"))
    both = ("attribute[vehicle][]", "truck"), ("attribute[vehicle][]", "car")
    assert posted(caller, ("service_code", "parking"), *both).status_code == 200
    kept = dict(Report.objects.values_list("kind", "attributes"))
    assert kept == {"flood": {"depth": "30-70"}, "vending": {"stalls": 3.0}, "parking": {"vehicle": ["car", "truck"]}}


def test_one_value_where_one_is_asked_for(caller: Caller) -> None:
    twice = ("attribute[depth]", "0-10"), ("attribute[depth]", "30-70")
    response = posted(caller, ("service_code", "flood"), *twice)
    assert response.status_code == 400
    assert response.json()[0]["description"].startswith("attribute depth:")


def test_everything_that_is_wrong_is_told_at_once(caller: Caller) -> None:
    wrong = {"lat": "north", "long": "181", "email": "nobody", "media_url": "x", "attribute[colour]": "red"}
    errors = caller.post(400, **wrong)
    named = [error["description"].partition(":")[0] for error in errors]
    assert named == ["lat", "long", "email", "attribute colour", "media_url"]
    root, inner = caller.post(400, "xml", **wrong)
    assert (root, [name for name, _ in inner]) == ("errors", ["error"] * 5)
    assert not Report.objects.exists()


def test_a_link_to_a_picture_is_kept_as_text_for_operators_only(city: City, caller: Caller) -> None:
    link = "http://192.0.2.1/flood.jpg"  # nobody answers there: fetching it would fail
    [answer] = caller.post(**PLACE, media_url=link)
    report = Report.objects.get()
    assert report.media_url == link
    confirm(report.incident_id, Actor(role=Role.OPERATOR, name="oki"), timezone.now())
    [row] = caller.get(f"requests/{answer['service_request_id']}.json")
    assert row["media_url"] is None
    page = client_of(staff("oki", Role.OPERATOR)).get(f"/operator/incidents/{report.incident_id}/").content.decode()
    assert f'<a href="{link}" rel="noopener noreferrer nofollow">' in page


def test_a_report_shows_the_masked_still_of_what_came_of_it(city: City, caller: Caller) -> None:
    [answer] = caller.post(service_code="flood", lat="-2.5", long="106.5")
    [row] = caller.get(f"requests/{answer['service_request_id']}.json")
    assert row["media_url"] == f"http://testserver/c/{code_of(city.flood)}/still/{city.flood_still}/"
    assert caller.client.get(row["media_url"]).status_code == 200


def test_pages_follow_each_other(city: City, caller: Caller) -> None:
    caller.post(**PLACE)
    recent = {"start_date": str(moment(timezone.now() - timedelta(hours=1)))}
    for asked, count in ((ALL, 4), (recent, 1)):
        everything = caller.get("requests.json", **asked)
        pages = [caller.get("requests.json", page=str(page), page_size="3", **asked) for page in (1, 2, 3)]
        assert [row for page in pages for row in page] == everything
        assert len(everything) == count
        assert len(pages[0]) == min(3, count)


def test_what_changed_meanwhile(city: City, caller: Caller) -> None:
    work(city.flood, "start", seconds=500)

    def codes(**asked: str) -> set[str]:
        return {row["service_code"] for row in caller.get("requests.json", **ALL, **asked)}

    assert codes(updated_after="2026-03-02T05:08:20Z") == {"flood"}
    assert codes(updated_before="2026-03-02T05:08:19Z") == {"jam", "vending", "parking"}
    caller.post(**PLACE)
    since = str(moment(timezone.now() - timedelta(minutes=1)))
    assert len(caller.get("requests.json", updated_after=since)) == 1
    assert caller.get("requests.json", updated_before=since) == []


def test_extended_attributes_are_told_when_asked_for(city: City, caller: Caller) -> None:
    body = {"lat": "-1", "long": "100", "attribute[depth]": "30-70"}
    [answer] = caller.post(service_code="flood", **body)
    path = f"requests/{answer['service_request_id']}"
    assert "extended_attributes" not in caller.get(f"{path}.json")[0]
    [row] = caller.get(f"{path}.json", extensions="true")
    unread = {"type": "report", "state": "candidate", "severity": None, "complaint": None, "attributes": []}
    assert row["extended_attributes"] == unread, "nobody has read it yet"
    confirm(Incident.objects.latest("pk").pk, Actor(role=Role.OPERATOR, name="oki"), timezone.now())
    [row] = caller.get(f"{path}.json", extensions="true")
    assert row["extended_attributes"]["attributes"] == [{"code": "depth", "value": "30-70"}]
    _root, [(_request, fields)] = caller.get(f"{path}.xml", extensions="true")
    assert dict(fields)["extended_attributes"][-1] == (
        "attributes",
        [("attribute", [("code", "depth"), ("value", "30-70")])],
    )
    [of_complaint] = caller.get(f"requests/{code_of(city.jam)}.json", extensions="true")
    assert of_complaint["extended_attributes"]["type"] == "complaint"


def test_answers_fit_their_description(city: City, caller: Caller) -> None:
    description = caller.client.get("/open311/openapi.json").json()
    assert description["servers"] == [{"url": "http://testserver/open311"}]

    def check(schema: str, document: Any) -> None:
        whole = {"$ref": f"#/components/schemas/{schema}", "components": description["components"]}
        Draft202012Validator(whole).validate(document)

    receipt = caller.post(**PLACE)
    check("Receipt", receipt)
    code = receipt[0]["service_request_id"]
    check("Discovery", caller.get("discovery.json"))
    check("Services", caller.get("services.json"))
    for service in ("jam", "flood", "vending", "parking"):
        check("Definition", caller.get(f"services/{service}.json"))
    check("Requests", caller.get("requests.json", extensions="true"))
    check("Requests", caller.get("requests.json", **ALL))
    check("Requests", caller.get(f"requests/{code}.json"))
    check("Tokens", caller.get(f"tokens/{code}.json"))
    check("Errors", caller.get("services/potholes.json", 404))
    check("Errors", caller.post(400, lat="x", long="y"))


def test_xml_has_the_same_values_as_json(city: City, caller: Caller) -> None:
    rows = caller.get("requests.json", **ALL)
    _root, requests = parsed(caller.client.get("/open311/requests.xml", ALL).content)
    assert [{name: value or None for name, value in fields} for _request, fields in requests] == [
        {name: None if value is None else str(value) for name, value in row.items()} for row in rows
    ]
