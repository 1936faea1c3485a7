"""What the public is told, and what not."""

import pytest
from django.test import Client

from central.complaints.models import Complaint
from central.complaints.numbers import grouped
from tests.central.desks.conftest import City, client_of, work

pytestmark = pytest.mark.django_db


def page_of(complaint: Complaint) -> str:
    return client_of(None).get(f"/c/{grouped(complaint.tracking)}/").content.decode()


@pytest.mark.parametrize("typed", ["{}", "{:l}", " {:s} ", "{:d}"])
def test_tracking_numbers_as_people_type_them(typed: str, city: City) -> None:
    code = city.jam.tracking
    forms = {"{}": code, "{:l}": code.lower(), " {:s} ": f" {code[:5]} {code[5:]} ", "{:d}": grouped(code)}
    response = client_of(None).get("/find/", {"tracking": forms[typed]})
    assert response.status_code == 302
    assert response.headers["Location"] == f"/c/{grouped(code)}/"


def test_unknown_number_is_said_beside_the_field(city: City) -> None:
    response = client_of(None).get("/find/", {"tracking": "<b>123"})
    page = response.content.decode()
    assert response.status_code == 404
    assert 'aria-describedby="not-found"' in page
    assert 'value="&lt;b&gt;123"' in page


def test_other_spellings_of_the_address_lead_to_one(city: City) -> None:
    response = client_of(None).get(f"/c/{city.jam.tracking.lower()}/")
    assert response.headers["Location"] == f"/c/{grouped(city.jam.tracking)}/"


def test_start_page_lists_open_complaints(city: City) -> None:
    work(city.flood, "start", "report_done", "accept")
    page = client_of(None).get("/").content.decode()
    assert grouped(city.jam.tracking) in page
    assert grouped(city.flood.tracking) not in page
    assert "Dishub" in page
    assert "Jl. Jam, arah utara" in page


def test_vending_is_shown_coarsely(city: City) -> None:
    for page in (page_of(city.vending), client_of(None).get("/").content.decode()):
        assert "Jl. Vending" in page
        assert "Vending, arah" not in page
        assert "106.1101" not in page
    assert "106.50000" in page_of(city.jam)


def test_history_has_the_citys_words_and_no_notes(city: City) -> None:
    work(city.jam, "coordinate", "assign", "start", "report_done")
    page = page_of(city.jam)
    for word in ("Menunggu", "Koordinasi", "Disposisi", "Proses", "Menunggu verifikasi", "Selesai"):
        assert word in page
    assert "rahasia petugas" not in page
    assert "adi" not in page.split('class="timeline"')[1].split("</ol>")[0]
    assert '<li class="now" aria-current="step"><span class="step-mark"></span><span>Menunggu verifikasi</span>' in page


def test_done_is_green_and_gone_is_nobodys_merit(city: City) -> None:
    work(city.flood, "start", "report_done", "accept")
    assert '<span class="state green">Selesai</span>' in page_of(city.flood)
    city.end("jam", 300)
    gone = page_of(city.jam)
    assert '<span class="state grey">Hilang sendiri</span>' in gone
    assert "tidak ada yang mengaku menyelesaikannya" in gone
    assert 'class="steps"' not in gone


def test_still_is_public_cached_and_nothing_else(city: City) -> None:
    path = f"/c/{grouped(city.jam.tracking)}/still/{city.still}/"
    response = client_of(None).get(path)
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in response.headers["Cache-Control"]
    assert client_of(None).get(path, headers={"If-None-Match": response.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize(
    ("asked", "sent"),
    [("bytes=0-2", b"\xff\xd8\xff"), ("bytes=-2", b"\xff\xd9"), ("bytes=25-", b"\x00\xff\xd9"), ("bytes=9-3", None)],
)
def test_a_part_of_a_clip(asked: str, sent: bytes | None, city: City, clients: dict[str, Client]) -> None:
    response = clients["operator"].get(f"/operator/evidence/{city.still}/", headers={"Range": asked})
    if sent is None:
        assert response.status_code == 200
        return
    assert response.status_code == 206
    assert response.content == sent
    assert response.headers["Content-Range"].endswith("/28")


def test_first_load_is_small(city: City) -> None:
    client = client_of(None)
    compressed = {"Accept-Encoding": "gzip"}
    page = client.get("/")
    total = len(page.content)
    for path in ("desks/desks.css", "desks/live.js", "desks/icons.svg", "desks/mark.svg", "django_htmx/htmx-2.min.js"):
        answer = client.get(f"/static/{path}", headers=compressed)
        assert answer.status_code == 200
        total += len(answer.content)
    assert total < 60_000, f"{total} bytes"
