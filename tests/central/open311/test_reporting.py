"""POST requests: who may, what is checked, what is kept."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone

from central.open311 import keys
from central.open311.models import ApiKey
from central.reports.models import Report
from tests.central.open311.conftest import PLACE, Caller, parsed

pytestmark = pytest.mark.django_db


def test_a_post_is_answered_200_with_an_id_at_once(caller: Caller) -> None:
    [answer] = caller.post(**PLACE, description="water to the knee", email="Ani@example.org", first_name="Ani")
    report = Report.objects.get()
    assert answer["service_request_id"].replace("-", "") == report.tracking
    assert set(answer) == {"service_request_id", "service_notice", "account_id"}
    assert (report.kind, report.description, report.channel) == ("flood", "water to the knee", "open311")
    assert (report.sender, report.contact) == ("email:ani@example.org", {"name": "Ani", "email": "Ani@example.org"})


def test_a_post_is_answered_in_xml(caller: Caller) -> None:
    root, [(name, fields)] = caller.post(200, "xml", **PLACE)
    assert (root, name) == ("service_requests", "request")
    assert [field for field, _ in fields] == ["service_request_id", "service_notice", "account_id"]
    assert all(isinstance(value, str) for _, value in fields)


@pytest.mark.parametrize("form", ["json", "xml"])
@pytest.mark.parametrize("key", [None, "", "wrong", "revoked"])
def test_without_a_key_that_counts_it_is_403(caller: Caller, key: str | None, form: str) -> None:
    if key == "revoked":
        key = caller.key
        keys.revoke("another system", timezone.now())
    answer = caller.post(403, form, api_key=key, **PLACE)
    if form == "json":
        assert [set(error) for error in answer] == [{"code", "description"}]
        assert answer[0]["code"] == 403
        assert answer[0]["description"].startswith("api_key:")
    else:
        root, [(name, [(code, number), (text, says)])] = answer
        assert (root, name, code, number, text) == ("errors", "error", "code", "403", "description")
        assert says.startswith("api_key:")
    assert not Report.objects.exists()


REFUSED: list[tuple[dict[str, Any], int, str]] = [
    ({"service_code": None}, 400, "service_code:"),
    ({"service_code": "potholes"}, 404, "service_code:"),
    ({"service_code": "camera_fault"}, 404, "service_code:"),
    ({"jurisdiction_id": "elsewhere.example"}, 404, "jurisdiction_id:"),
    ({"lat": None, "long": None}, 400, "lat, long:"),
    ({"lat": None, "long": None, "address_id": "17"}, 400, "lat, long: address_id"),
    ({"lat": None}, 400, "lat:"),
    ({"long": None}, 400, "long:"),
    ({"lat": "north"}, 400, "lat:"),
    ({"lat": "nan"}, 400, "lat:"),
    ({"lat": "90.1"}, 400, "lat:"),
    ({"long": "-180.5"}, 400, "long:"),
    ({"description": "x" * 4001}, 400, "description:"),
    ({"address_string": "x" * 301}, 400, "address_string:"),
    ({"email": "nobody"}, 400, "email:"),
    ({"attribute[DEPTH]": "40"}, 400, "attribute DEPTH:"),
    ({"attribute[depth]": "40"}, 400, "attribute depth:"),
    ({"service_code": "jam", "attribute[depth]": "0-10"}, 400, "attribute depth:"),
    ({"service_code": "vending", "attribute[stalls]": "many"}, 400, "attribute stalls:"),
    ({"service_code": "vending", "attribute[stalls]": "nan"}, 400, "attribute stalls:"),
    ({"service_code": "parking", "attribute[vehicle][]": "ufo"}, 400, "attribute vehicle:"),
    ({"media_url": "javascript:alert(1)"}, 400, "media_url:"),
    ({"media_url": "https://me:secret@example.org/x"}, 400, "media_url:"),
    ({"media_url": "https://example.org/" + "x" * 500}, 400, "media_url:"),
    ({"media_url": "http://[::1"}, 400, "media_url:"),
]


@pytest.mark.parametrize(("changes", "status", "says"), REFUSED)
def test_what_is_refused_is_named(caller: Caller, changes: dict[str, Any], status: int, says: str) -> None:
    [error] = caller.post(status, **(PLACE | changes))
    assert error["code"] == status
    assert error["description"].startswith(says)
    assert not Report.objects.exists()


@pytest.mark.parametrize("content_type", ["application/json", "text/plain"])
def test_only_forms_are_read(caller: Caller, content_type: str) -> None:
    response = caller.client.post("/open311/requests.json", b"{}", content_type)
    assert response.status_code == 400
    assert response.json()[0]["description"].startswith("Content-Type:")


def test_a_form_that_is_too_large_is_refused_in_words(caller: Caller) -> None:
    body = "description=" + "x" * (2 * 1024 * 1024)
    response = caller.client.post("/open311/requests.xml", body, "application/x-www-form-urlencoded")
    assert response.status_code == 400
    assert parsed(response.content)[0] == "errors"


def test_four_thousand_characters_and_what_xml_cannot_carry(caller: Caller) -> None:
    caller.post(**PLACE, description="\x00\x08" + "é" * 4000)
    assert Report.objects.get().description == "é" * 4000


def test_an_address_is_enough(caller: Caller) -> None:
    caller.post(address_string="Jl. Merdeka 5")
    assert Report.objects.get().incident.place == "Jl. Merdeka 5"


SENDERS = [
    ({"email": "a@example.org", "phone": "0812 3"}, "email:a@example.org"),
    ({"phone": "+62 812-3", "device_id": "d1"}, "phone:+628123"),
    ({"account_id": "u1", "device_id": "d1"}, "account_id:{key}:u1"),
    ({"device_id": "d1"}, "device_id:{key}:d1"),
    ({}, "key:{key}"),
]


@pytest.mark.parametrize(("fields", "sender"), SENDERS)
def test_senders_are_told_apart_as_finely_as_is_known(caller: Caller, fields: dict[str, str], sender: str) -> None:
    caller.post(**PLACE, **fields)
    assert Report.objects.get().sender == sender.format(key=ApiKey.objects.get().pk)


def test_the_same_again_gets_the_same_id_and_known_problems_are_said(caller: Caller) -> None:
    [first], [again] = caller.post(**PLACE), caller.post(**PLACE)
    [neighbour] = caller.post(**PLACE, email="b@example.org")
    assert again["service_request_id"] == first["service_request_id"] != neighbour["service_request_id"]
    assert first["service_notice"] is None
    assert again["service_notice"] == "Anda sudah melaporkan ini: ikuti dengan nomor ini."
    assert neighbour["service_notice"] == "Masalah ini sudah diketahui: ikuti dengan nomor ini."
    assert Report.objects.count() == 2


def test_a_key_is_used_up_by_the_minute() -> None:
    now = timezone.now().replace(second=1)
    key = keys.make("small", now, per_minute=2)
    keys.use(key, now)
    keys.use(key, now)
    with pytest.raises(keys.TooMany):
        keys.use(key, now.replace(second=59))
    keys.use(key, now + timedelta(minutes=1))


def test_a_key_that_is_used_up_is_429(caller: Caller) -> None:
    ApiKey.objects.update(per_minute=1)
    caller.post(**PLACE)
    [error] = caller.post(429, **PLACE)
    assert error["code"] == 429


def test_what_the_database_could_not_take_is_to_be_sent_again(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def deadlock(*_what: object) -> None:
        raise OperationalError("deadlock detected")

    monkeypatch.setattr("central.open311.views.take", deadlock)
    [error] = caller.post(503, **PLACE)
    assert error == {"code": 503, "description": "the report was not taken: please send it again"}


def test_the_command_shows_the_key_once(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("api_key", "jaki")
    key = capsys.readouterr().out.strip()
    row = ApiKey.objects.get(label="jaki")
    assert len(key) == 43
    assert key not in (row.digest, row.label)
    assert keys.use(key, timezone.now()) == row
    call_command("api_key", "jaki")
    with pytest.raises(keys.NoKey):
        keys.use(key, timezone.now())
    call_command("api_key", "jaki", "--revoke")
    with pytest.raises(CommandError):
        call_command("api_key", "jaki", "--revoke")
    with pytest.raises(CommandError):
        call_command("api_key", "jaki", "--per-minute", "0")
