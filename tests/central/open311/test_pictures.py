"""Pictures that come with a posted request as files."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from central.evidence.store import store
from central.reports import limits
from central.reports.models import Photo, Report
from tests.central.open311.conftest import PLACE, Caller
from tests.central.reports.pictures import photo

pytestmark = pytest.mark.django_db


def posted(caller: Caller, *pictures: bytes, expected: int = 200, name: str = "media", **fields: str) -> Any:
    files = [SimpleUploadedFile(f"{each}.jpg", content, "image/jpeg") for each, content in enumerate(pictures)]
    values = {"api_key": caller.key, "service_code": "flood", **PLACE, **fields, name: files}
    return caller.read(caller.client.post("/open311/requests.json", values), "json", expected)


@pytest.mark.parametrize("name", ["media", "media[]"])
def test_pictures_come_as_files_and_are_drawn_anew(caller: Caller, name: str) -> None:
    fields = {"description": "up to the knee", "attribute[depth]": "30-70"}
    [answer] = posted(caller, photo(at=(-2.1, 106.1)), photo(shade="brown"), name=name, **fields)
    report = Report.objects.get()
    assert (report.description, report.attributes) == ("up to the knee", {"depth": "30-70"})
    assert report.photos.count() == 2
    for kept in report.photos.all():
        with store().open(kept.sha256) as file, Image.open(file) as picture:
            assert not picture.getexif()
    [row] = caller.get(f"requests/{answer['service_request_id']}.json")
    assert row["media_url"] is None, "a citizen's photo may show people: it is not public"


def test_the_form_may_come_without_a_picture(caller: Caller) -> None:
    posted(caller)
    assert not Report.objects.get().photos.exists()


@pytest.mark.parametrize(
    "pictures", [[b"%PDF-1.7"], [photo(shade=shade) for shade in ("red", "blue", "brown", "green")]]
)
def test_what_cannot_be_taken_is_named(caller: Caller, pictures: list[bytes]) -> None:
    [error] = posted(caller, *pictures, expected=400)
    assert error["description"].startswith("media:")
    assert not Report.objects.exists()


def test_no_picture_is_looked_at_for_a_form_that_is_wrong(caller: Caller) -> None:
    [error] = posted(caller, photo(), expected=404, service_code="potholes")
    assert error["description"].startswith("service_code:")
    posted(caller, photo(), expected=403, api_key="wrong")
    assert not Photo.objects.exists()


def test_a_key_sends_so_many_an_hour(caller: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("central.open311.pictures.PHOTOS_BY_PROGRAM", limits.Limit("p", 1, timedelta(hours=1)))
    posted(caller, photo())
    [error] = posted(caller, photo(), expected=429)
    assert error["description"].startswith("media:")


@pytest.mark.parametrize("content_type", ["multipart/form-data", "multipart/form-data; boundary="])
def test_a_form_without_a_boundary_is_refused_in_words(caller: Caller, content_type: str) -> None:
    response = caller.client.post("/open311/requests.json", b"{}", content_type)
    assert response.status_code == 400
    assert response.json()[0]["description"].startswith("the form cannot be read:")
