"""Pages of permits: what everybody sees, and what an administrator changes."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from central.accounts.roles import Role
from central.administration.models import AuditEntry
from central.boxes.models import Box, Camera
from central.permits.models import Permit
from tests.central.desks.conftest import client_of, staff
from tests.central.permits.places import outline, permit

pytestmark = pytest.mark.django_db


TODAY = date.today()
ALWAYS = {"valid_from": TODAY - timedelta(days=9), "valid_to": TODAY + timedelta(days=99), "hours": "00:00-24:00"}
FIELDS = {
    "sk": "SK 7/2026",
    "name": "Loksem Jl. Balai",
    "holder": "Bu Sri",
    "kind": "loksem",
    "valid_from": "2026-01-01",
    "valid_to": "2026-12-31",
    "hours": "Mon-Sat 17:00-01:00",
    "time_zone": "Asia/Makassar",
    "capacity": "12",
    "ring": "-2.13, 106.11\n-2.13, 106.12\n-2.12, 106.12",
}


@pytest.fixture
def admin() -> Client:
    return client_of(staff("adi", Role.ADMIN))


def text(client: Client, path: str, language: str = "en") -> str:
    client.cookies["django_language"] = language
    return " ".join(client.get(path).content.decode().split())


def test_everybody_sees_what_holds_today_and_nobody_who_holds_it(client: Client) -> None:
    permit(sk="SK 1", name="Pasar Pagi", holder="Pak Budi", **ALWAYS)
    permit(sk="SK 2", name="Pasar Malam", **ALWAYS | {"valid_to": TODAY - timedelta(days=2)})
    permit(sk="SK 3", name="Pasar Baru", **ALWAYS | {"valid_from": TODAY + timedelta(days=2)})
    page = text(client, "/izin/")
    assert "Pasar Pagi" in page
    assert "Lawful now" in page
    assert "every day, round the clock" in page
    assert "Budi" not in page
    assert "Pasar Malam" not in page
    assert "Pasar Baru" not in page
    assert "Pasar Pagi" not in text(client, "/izin/?q=SK+2")
    told = client.get("/izin/places.geojson")
    assert told.headers["Content-Type"] == "application/geo+json"
    (feature,) = told.json()["features"]
    assert feature["properties"]["name"] == "Pasar Pagi"
    assert feature["geometry"]["coordinates"] == [[*outline(), outline()[0]]]
    assert "Budi" not in told.content.decode()


def test_the_list_says_when_it_opens_next(client: Client) -> None:
    from central.permits.standings import rows

    closed = permit(hours="06:00-07:00", valid_from=date(2026, 1, 1))
    (row,) = rows([closed], timezone.now().replace(year=2026, month=3, day=2, hour=5, minute=0))
    assert (row.is_open, row.turns.isoformat()) == (False, "2026-03-03T06:00:00+07:00")


def test_hours_in_indonesian(client: Client) -> None:
    permit(**ALWAYS | {"hours": "Mon-Fri 06:00-22:00, Sun 08:00-12:00"})
    assert "Sen–Jum 06.00–22.00, Min 08.00–12.00" in text(client, "/izin/", "id")


def test_an_administrator_writes_one_down_changes_and_removes_it(admin: Client) -> None:
    assert admin.post("/atur/izin/new/", FIELDS).status_code == 302
    kept = Permit.objects.get()
    assert kept.ring == [[106.11, -2.13], [106.12, -2.13], [106.12, -2.12]]
    assert (kept.time_zone, kept.capacity, kept.changed_by) == ("Asia/Makassar", 12, "adi")
    form = admin.get(f"/atur/izin/{kept.pk}/").content.decode()
    assert "-2.13, 106.11" in form
    assert 'value="2026-12-31"' in form
    admin.post(f"/atur/izin/{kept.pk}/", FIELDS | {"valid_to": "2026-06-30"})
    assert Permit.objects.get().valid_to == date(2026, 6, 30)
    assert admin.post(f"/atur/izin/{kept.pk}/remove/").status_code == 302
    assert not Permit.objects.exists()
    record = AuditEntry.objects.order_by("pk")
    assert [(entry.action, entry.subject) for entry in record] == [
        ("add", "SK 7/2026: Loksem Jl. Balai"),
        ("change", "SK 7/2026: Loksem Jl. Balai"),
        ("remove", "SK 7/2026: Loksem Jl. Balai"),
    ]
    assert record[1].before["valid_to"] == "2026-12-31"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"ring": "here"}, "One corner a line"),
        ({"ring": "-2.13, 106.11\n-2.13, 106.12"}, "at least three corners"),
        ({"ring": "0, 0\n1, 1\n0, 1\n1, 0"}, "crosses itself"),
        ({"valid_to": "2025-12-31"}, "ends on its first day at the earliest"),
        ({"hours": "always"}, "cannot be read"),
        ({"capacity": "0"}, "greater than or equal to 1"),
    ],
)
def test_what_is_no_permit_is_told(admin: Client, wrong: dict[str, str], told: str) -> None:
    admin.cookies["django_language"] = "en"
    response = admin.post("/atur/izin/new/", FIELDS | wrong)
    assert response.status_code == 400
    assert told in response.content.decode()
    assert not Permit.objects.exists()


def upload(admin: Client, content: str) -> Any:
    admin.cookies["django_language"] = "en"
    return admin.post("/atur/izin/import/", {"file": SimpleUploadedFile("izin.csv", content.encode())}, follow=True)


def test_import(admin: Client) -> None:
    head, wkt = "sk,name,valid_from,valid_to,outline", '"POLYGON ((106 -2, 107 -2, 107 -3, 106 -2))"'
    lines = [head, f"SK 1,A,2026-01-01,2036-12-31,{wkt}", f"SK 2,B,2026-01-01,2036-12-31,{wkt}"]
    assert "2 permits imported." in upload(admin, "\n".join(lines)).content.decode()
    broken = upload(admin, "\n".join([*lines, f"SK 3,C,x,y,{wkt}"]))
    assert broken.status_code == 400
    assert "Line 4" in broken.content.decode()
    assert Permit.objects.count() == 2
    assert AuditEntry.objects.filter(topic="permit", action="import").count() == 2
    assert admin.post("/atur/izin/import/").status_code == 400


def test_the_list_and_the_index_warn_of_what_ends_soon(admin: Client) -> None:
    permit(sk="SK 1", name="A", **ALWAYS)
    permit(sk="SK 2", name="B", **ALWAYS | {"valid_to": TODAY + timedelta(days=5)})
    assert "1 permit ends within 30 days." in text(admin, "/atur/")
    ending = text(admin, "/atur/izin/?show=ending")
    assert "days left" in ending
    assert "SK 2" in ending
    assert "SK 1" not in ending
    marks = admin.get("/atur/izin/marks/?show=all").json()["features"]
    assert {(each["properties"]["sk"], each["properties"]["stage"]) for each in marks} == {
        ("SK 1", "valid"),
        ("SK 2", "ending"),
    }


def test_a_map_without_a_permit_shows_the_city(seeded: None) -> None:
    page = Client().get("/izin/").content.decode()
    assert re.search(r'data-frame="\[\[-\d', page), "its areas, while no camera has a place"
    enrolled = Box.objects.create(id="b", public_key="", enrolled=timezone.now())
    Camera.objects.create(box=enrolled, code="c", name="C", lat=-2.12911, lon=106.11382)
    Camera.objects.create(box=enrolled, code="d", name="D", lat=-2.13125, lon=106.12021)
    page = Client().get("/izin/").content.decode()
    assert 'data-frame="[[-2.13, 106.11], [-2.13, 106.12]]"' in page, "where the cameras are, coarsely"
