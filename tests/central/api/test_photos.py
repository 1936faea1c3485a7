"""Photos that programs send: first alone, then named by a report."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from central.api.scopes import Scope
from central.evidence.store import store
from central.reports import keeping, limits, photos
from central.reports.models import Photo, Report
from tests.central.api.conftest import Program, checked, program_of
from tests.central.desks.conftest import staff
from tests.central.reports.pictures import photo

pytestmark = pytest.mark.django_db

FLOOD = {"kind": "flood", "lat": -2.13, "lon": 106.11}


@pytest.fixture
def gateway(seeded: None) -> Program:
    """A program that speaks for citizens; its owner has no role."""
    return program_of(staff("gateway", None), Scope.REPORTS_WRITE)


def sent(program: Program, content: bytes, expected: int = 201, name: str = "photo") -> Any:
    file = SimpleUploadedFile("banjir.jpg", content, "image/jpeg")
    headers = {"Authorization": f"Bearer {program.token}"}
    response = program.client.post("/api/v1/photos", {name: file}, headers=headers)
    assert response.status_code == expected, response.content
    return checked(response)


def test_a_photo_is_drawn_anew_and_goes_with_the_report_that_names_it(gateway: Program) -> None:
    taken = "2026:03:02 11:58:00"
    told = sent(gateway, photo(at=(-2.125, 106.115), taken=taken, orientation=6, size=(2400, 1800)))
    assert (told["width"], told["height"]) == (1200, 1600), "upright, and no larger than anybody looks at"
    assert (told["lat"], told["lon"]) == pytest.approx((-2.125, 106.115), abs=1e-4)
    receipt = gateway.post("/reports", FLOOD | {"photos": [told["photo"]]})
    assert receipt["photos"] == 1
    [kept] = Report.objects.get().photos.all()
    with store().open(kept.sha256) as file, Image.open(file) as picture:
        assert not picture.getexif(), "place, time and telephone are gone"
    [error] = gateway.post("/reports", FLOOD | {"photos": [told["photo"]], "sender": "another"}, 422)["errors"]
    assert error["where"] == "body.photos.0"
    assert Report.objects.count() == 1, "nothing is taken of a report whose photo is missing"


def test_the_same_request_again_attaches_nothing_twice(gateway: Program) -> None:
    body = FLOOD | {"photos": [sent(gateway, photo())["photo"]]}
    first = gateway.post("/reports", body, **{"Idempotency-Key": "one"})
    assert gateway.post("/reports", body, **{"Idempotency-Key": "one"}) == first
    more = gateway.post("/reports", FLOOD | {"photos": [sent(gateway, photo(shade="brown"))["photo"]]})
    assert (more["repeated"], more["photos"]) == (True, 2), "the sender's second photo joins their first report"


def test_a_draft_is_to_be_had_for_a_day(gateway: Program) -> None:
    told = sent(gateway, photo())
    Photo.objects.update(received=timezone.now() - keeping.DRAFTS_FOR - timedelta(minutes=1))
    gateway.post("/reports", FLOOD | {"photos": [told["photo"]]}, 422)
    gateway.post("/reports", FLOOD | {"photos": ["x"]}, 422)
    gateway.post("/reports", FLOOD | {"photos": ["x" * 43] * 4}, 422)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", photo()[:400]], ids=["empty", "no picture", "cut off"])
def test_what_is_no_photo_is_refused_in_words(gateway: Program, content: bytes) -> None:
    [error] = sent(gateway, content, 422)["errors"]
    assert error["where"] == "file.photo"
    assert not Photo.objects.exists()


def test_a_photo_that_is_too_large_is_refused(gateway: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(photos, "MAX_BYTES", 1000)
    assert "larger" in sent(gateway, photo(), 422)["detail"]


def test_a_form_that_cannot_be_read_is_refused(gateway: Program) -> None:
    headers = {"Authorization": f"Bearer {gateway.token}"}
    for kind, expected in (("multipart/form-data; boundary=", 400), ("application/json", 422)):
        response = gateway.client.post("/api/v1/photos", b"{}", kind, headers=headers)
        assert response.status_code == expected
        checked(response)
    sent(gateway, photo(), 422, name="picture")


def test_a_program_sends_so_many_an_hour(gateway: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("central.api.photos.PHOTOS_BY_PROGRAM", limits.Limit("program", 1, timedelta(hours=1)))
    sent(gateway, photo())
    assert sent(gateway, photo(), 429)["type"].endswith("#too-many")


def test_without_the_scope_nothing_is_kept(seeded: None) -> None:
    sent(program_of(staff("reader", None), Scope.COMPLAINTS_READ), photo(), 403)
    assert not Photo.objects.exists()
