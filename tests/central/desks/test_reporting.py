"""A citizen reports on the web page, with or without scripts, and is told what became of it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from central.complaints.numbers import grouped
from central.desks.reporting import MAX_PHOTOS
from central.evidence.store import store
from central.following.models import Follower
from central.reports import limits
from central.reports.keeping import DRAFTS_FOR, keep, sweep_drafts
from central.reports.models import Photo, Report
from central.security.body_limit import BodyLimit
from tests.central.desks.conftest import City, client_of, report_about, work
from tests.central.reports.pictures import photo as picture

pytestmark = pytest.mark.django_db

FLOOD_AT = {"lat": "-2.50010", "lon": "106.50010"}
KIND_AND_PLACE = {"kind": "flood"} | FLOOD_AT


def upload(content: bytes, name: str = "banjir.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/jpeg")


def told(client: Client, **more: Any) -> Any:
    """The answer after a form that was filled in."""
    return client.post("/lapor/", KIND_AND_PLACE | more)


def tokens_in(page: str) -> list[str]:
    return re.findall(r'name="kept" value="([\w-]+)"', page)


def test_it_is_taken_and_leads_to_its_page(seeded: None) -> None:
    response = told(client_of(None), description="selutut", address="Jl. Merdeka")
    report = Report.objects.get()
    assert response.headers["Location"] == f"/lapor/{grouped(report.tracking)}/?news=new"
    assert (report.kind, report.channel, report.lat, report.lon) == ("flood", "web", -2.5001, 106.5001)
    assert report.incident.state == "candidate"
    page = client_of(None).get(response.headers["Location"]).content.decode()
    assert grouped(report.tracking) in page
    assert "Menunggu pemeriksaan operator" in page
    assert "selutut" not in page, "nobody has read it"


def test_a_script_is_told_where_the_report_is_and_what_is_wrong(seeded: None) -> None:
    client, as_script = client_of(None), {"Accept": "application/json"}
    client.get("/lapor/")  # which tells the device from others
    taken = client.post("/lapor/", KIND_AND_PLACE, headers=as_script)
    assert (taken.status_code, taken.json()) == (
        201,
        {"url": f"/lapor/{grouped(Report.objects.get().tracking)}/?news=new"},
    )
    again = client.post("/lapor/", KIND_AND_PLACE, headers=as_script)
    assert again.json()["url"].endswith("?news=again"), "sent twice, because the first answer was lost"
    assert client.post("/lapor/", {"kind": "flood"}, headers=as_script).status_code == 400
    assert Report.objects.count() == 1


def test_what_a_camera_sees_is_known(city: City) -> None:
    response = told(client_of(None))
    assert response.headers["Location"].endswith("?news=known")
    assert Report.objects.get().incident_id == city.flood.incident_id
    page = client_of(None).get(response.headers["Location"]).content.decode()
    assert "Sudah diketahui kamera: ikuti di sini." in page
    assert city.flood.number in page
    assert "Menunggu" in page
    assert "Warga yang melaporkan</dt><dd>1</dd>" in page


def test_twenty_times_the_same_is_one_report(seeded: None, settings: Any) -> None:
    client = client_of(None)
    client.get("/lapor/")
    answers = [told(client, description=f"lagi {n}").headers["Location"] for n in range(20)]
    assert Report.objects.get().times == 20
    assert answers[0].endswith("?news=new")
    assert {answer.partition("?")[2] for answer in answers[1:]} == {"news=again"}
    assert told(client).status_code == 429, "twenty an hour are enough for one device"


def test_without_cookies_one_browser_is_one_sender(seeded: None) -> None:
    for _ in range(3):
        told(client_of(None))
    assert Report.objects.get().times == 3


def test_two_devices_are_two_senders(seeded: None) -> None:
    for _ in range(2):
        client = client_of(None)
        client.get("/lapor/")
        told(client)
    assert Report.objects.count() == 2
    assert Report.objects.values("incident").distinct().count() == 1


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"lat": "", "lon": ""}, "Sebutkan tempatnya"),
        ({"kind": ""}, "Pilih masalahnya"),
        ({"kind": "camera_fault"}, "kind-flood"),
        ({"email": "ani"}, "surel"),
        ({"website": "https://spam.example"}, "jebakan"),
        ({"lat": "91"}, "90"),
        ({"lat": "nan", "lon": "inf"}, "faults"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(form: dict[str, str], says: str, seeded: None) -> None:
    response = told(client_of(None), description="kata saya", **form)
    page = response.content.decode()
    assert response.status_code == 400
    assert says in page
    assert "kata saya" in page
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    "typed",
    ["-2.50010, 106.50010", "depan pasar (-2.50010,106.50010)", "https://maps.example/@-2.50010,106.50010,17z"],
)
def test_coordinates_may_be_typed(typed: str, city: City) -> None:
    assert told(client_of(None), lat="", lon="", address=typed).headers["Location"].endswith("?news=known")


def test_a_street_is_enough(seeded: None) -> None:
    assert told(client_of(None), lat="", lon="", address="Jl. Merdeka 5").status_code == 302
    assert Report.objects.get().lat is None


def test_a_photo_is_kept_for_the_staff_only(city: City, clients: dict[str, Client]) -> None:
    location = told(clients["public"], photo=[upload(picture())]).headers["Location"]
    kept = Photo.objects.get()
    assert kept.report is not None
    assert f"/photos/{kept.pk}/" not in clients["public"].get(location).content.decode()
    assert clients["public"].get(f"/lapor/photos/{kept.token}/").status_code == 404
    assert (
        f"/agency/photos/{kept.pk}/" in clients["bpbd"].get(f"/agency/complaints/{city.flood.number}/").content.decode()
    )
    shown = clients["operator"].get(f"/operator/photos/{kept.pk}/")
    assert shown.headers["Content-Type"] == "image/jpeg"
    assert {"private", "no-store"} <= set(shown.headers["Cache-Control"].split(", "))
    assert b"Telepon" not in shown.content


def test_without_scripts_the_place_of_a_photo_is_offered(city: City) -> None:
    client = client_of(None)
    at = (-2.5001, 106.5001)
    response = told(client, lat="", lon="", photo=[upload(picture(at=at))])
    page = response.content.decode()
    assert response.status_code == 400
    assert "Foto Anda menyimpan lokasi: pakai?" in page
    [token] = tokens_in(page)
    assert client.get(f"/lapor/photos/{token}/").status_code == 200
    answer = told(client, lat="", lon="", kept=token, photo_place=token)
    assert answer.headers["Location"].endswith("?news=known")
    report = Report.objects.get()
    assert (report.lat, report.lon) == pytest.approx(at, abs=1e-5)
    assert report.photos.count() == 1


def test_a_place_nobody_chose_is_not_used(seeded: None) -> None:
    told(client_of(None), lat="", lon="", address="Jl. Merdeka", photo=[upload(picture(at=(-6.2, 106.8)))])
    assert Report.objects.get().lat is None


def test_photos_that_cannot_be_taken_say_so_and_others_stay(seeded: None) -> None:
    files = [upload(picture()), upload(b"\0\0\0\x18ftypheic" + b"\0" * 40, "IMG_1.HEIC")]
    response = told(client_of(None), photo=files)
    page = response.content.decode()
    assert response.status_code == 400
    assert "IMG_1.HEIC" in page
    assert "HEIC" in page
    assert len(tokens_in(page)) == 1


def test_no_more_photos_than_three(seeded: None) -> None:
    client = client_of(None)
    shades = ("red", "green", "blue", "white")
    page = client.post("/lapor/photos/", {"photo": [upload(picture(shade=shade)) for shade in shades]}).content.decode()
    assert len(tokens_in(page)) == MAX_PHOTOS
    assert "Paling banyak 3 foto." in page
    told(client, kept=tokens_in(page))
    assert Report.objects.get().photos.count() == MAX_PHOTOS


def test_another_reports_photo_cannot_be_had_by_its_token(city: City) -> None:
    client = client_of(None)
    told(client, photo=[upload(picture())])
    token = Photo.objects.get().token
    told(client_of(None), kept=token, lat="-2.7")
    assert Photo.objects.get().report == Report.objects.earliest("pk")


def test_drafts_nobody_sent_are_dropped(db: None) -> None:
    now = timezone.now()
    draft = keep(picture(), now, store())
    assert sweep_drafts(now + DRAFTS_FOR, store()) == 0
    assert sweep_drafts(now + DRAFTS_FOR + timedelta(seconds=1), store()) == 1
    with pytest.raises(FileNotFoundError):
        store().open(draft.sha256)


def test_the_same_photo_of_two_reports_stays_until_both_are_gone(city: City) -> None:
    now = timezone.now()
    draft, kept = keep(picture(), now, store()), keep(picture(), now, store())
    Photo.objects.filter(pk=kept.pk).update(report=report_about(city.jam))
    assert draft.sha256 == kept.sha256
    assert sweep_drafts(now + 2 * DRAFTS_FOR, store()) == 1
    store().open(kept.sha256).close()


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}]
)
def test_other_sites_cannot_report_for_their_visitors(headers: dict[str, str], seeded: None) -> None:
    assert client_of(None).post("/lapor/", KIND_AND_PLACE, headers=headers).status_code == 403
    assert not Report.objects.exists()


def test_the_networks_share_is_limited(seeded: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "BY_NETWORK", limits.Limit("network", 2, timedelta(hours=1)))
    answers = []
    for n in range(3):
        client = Client(headers={"User-Agent": f"browser {n}"})
        client.get("/lapor/")
        answers.append(told(client).status_code)
    assert answers == [302, 302, 429]


def test_an_email_is_asked_before_it_is_written_to(city: City) -> None:
    told(client_of(None), email="Ani@Example.org")
    follower = Follower.objects.get()
    assert (follower.state, follower.address, follower.incident_id) == (
        "asked",
        "ani@example.org",
        city.flood.incident_id,
    )


def test_the_page_of_a_report_tells_nothing_private(city: City) -> None:
    work(city.vending, "start")
    report = report_about(city.vending)
    page = client_of(None).get(f"/lapor/{grouped(report.tracking)}/").content.decode()
    assert "Proses" in page
    for secret in ("rahasia petugas", "Rahasia", "ani@", "106.11018", "-2.13124"):
        assert secret not in page


def test_the_search_finds_reports_too(city: City) -> None:
    code = report_about(city.jam).tracking
    response = client_of(None).get("/find/", {"tracking": code.lower()})
    assert response.headers["Location"] == f"/lapor/{grouped(code)}/"


def test_the_map_is_coarse_for_vending(city: City) -> None:
    told = client_of(None).get("/peta/marks/").json()
    by_kind = {mark["kind"]: mark for mark in told["marks"]}
    assert set(by_kind) == {"jam", "flood", "vending", "parking"}
    assert (by_kind["vending"]["lat"], by_kind["vending"]["lon"]) == (-2.13, 106.11)
    assert by_kind["jam"]["id"] == grouped(city.jam.tracking)
    assert "trotoar" not in str(told)


@pytest.mark.parametrize(("announced", "sent", "status"), [(100, 60, 413), (None, 200, 0), (50, 50, 200)])
def test_large_bodies_are_cut(announced: int | None, sent: int, status: int) -> None:
    import asyncio

    got: list[int] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        message = await receive()
        if message["type"] == "http.request":
            await send({"type": "http.response.start", "status": 200, "headers": []})

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"x" * sent}

    async def send(message: dict[str, Any]) -> None:
        got.extend([message["status"]] if "status" in message else [])

    headers = [] if announced is None else [(b"content-length", str(announced).encode())]
    asyncio.run(BodyLimit(app, most=80)({"type": "http", "headers": headers}, receive, send))  # type: ignore[arg-type]
    assert got == ([status] if status else [])
