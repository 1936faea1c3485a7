"""Evidence on the pages: what is shown, what takes a reason, and what the record says of it."""

import csv
import io
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient, Client
from django.utils import timezone

from central.complaints.models import Complaint
from central.evidence.store import store
from central.reports.keeping import attach, keep
from central.reports.models import Photo
from central.viewing.models import Purpose, Viewing
from tests.central.desks.conftest import City, report_about
from tests.central.moments import NOON
from tests.central.reports.pictures import photo as picture

pytestmark = pytest.mark.django_db

REASON = "keluhan warga tentang gambar ini"
HTMX = {"HX-Request": "true"}


def page(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def end_long_ago(complaint: Complaint) -> None:
    Complaint.objects.filter(pk=complaint.pk).update(ended=NOON - timedelta(days=8), state=Complaint.State.DONE)


def test_the_page_of_a_complaint_is_a_look_with_its_own_reason(city: City, clients: dict[str, Client]) -> None:
    assert city.still in page(clients["dishub"], f"/agency/complaints/{city.jam.number}/")
    look = Viewing.objects.get()
    assert (look.actor, look.role, look.agency) == ("dewi", "officer", "dishub")
    assert (look.sha256, look.complaint, look.incident_id) == (city.still, city.jam, city.jam.incident_id)
    assert (look.page, look.reason) == (Viewing.Page.COMPLAINT, "")
    for headers in ({}, {"Range": "bytes=0-9"}, {"Range": "bytes=10-19"}):
        assert clients["dishub"].get(f"/agency/evidence/{city.still}/", headers=headers).status_code in {200, 206}
    clients["dishub"].get(f"/agency/complaints/{city.jam.number}/", headers=HTMX)  # it refreshed itself
    assert Viewing.objects.count() == 1
    page(clients["dishub"], f"/agency/complaints/{city.jam.number}/")
    assert Viewing.objects.count() == 2


@pytest.fixture
def photo(city: City) -> Photo:
    """A citizen's, of the jam."""
    sent = keep(picture(), timezone.now(), store())
    attach([sent], report_about(city.jam))
    return Photo.objects.get(pk=sent.pk)


def test_a_citizens_photo_is_a_look_on_both_desks(city: City, clients: dict[str, Client], photo: Photo) -> None:
    looks = Viewing.objects.filter(sha256=photo.sha256, subject=Viewing.Subject.PHOTO)
    for visitor, desk in (("dishub", "agency"), ("operator", "operator")):
        address = f"/{desk}/photos/{photo.pk}/"
        assert address in page(clients[visitor], f"/{desk}/complaints/{city.jam.number}/")
        assert clients[visitor].get(address).status_code == 200
        look = looks.get(role="officer" if desk == "agency" else "operator")
        assert (look.complaint, look.incident_id, look.media_type) == (city.jam, city.jam.incident_id, "image/jpeg")
        assert (look.page, look.reason) == (Viewing.Page.COMPLAINT, "")
    clients["operator"].get(f"/operator/incidents/{city.jam.incident_id}/", headers=HTMX)
    clients["operator"].get(f"/operator/incidents/{city.jam.incident_id}/", headers=HTMX)
    assert looks.filter(page=Viewing.Page.INCIDENT).count() == 1


def test_a_photo_opened_past_all_pages_is_a_look(city: City, clients: dict[str, Client], photo: Photo) -> None:
    address = f"/agency/photos/{photo.pk}/"
    assert clients["bpbd"].get(address).status_code == 404
    assert not Viewing.objects.exists()
    for _ in range(2):
        assert clients["dishub"].get(address).status_code == 200
    look = Viewing.objects.get()
    assert (look.page, look.subject, look.sha256) == (Viewing.Page.FILE, Viewing.Subject.PHOTO, photo.sha256)


def test_photos_take_a_reason_as_the_evidence_does(city: City, clients: dict[str, Client], photo: Photo) -> None:
    path, address = f"/operator/complaints/{city.jam.number}/", f"/operator/photos/{photo.pk}/"
    assert address not in page(clients["admin"], path)
    number = city.jam.incident_id
    assert clients["admin"].get(address).headers["Location"] == (
        f"/bukti/alasan/?incident={number}&next=%2Foperator%2Fphotos%2F{photo.pk}%2F"
    )
    assert not Viewing.objects.exists()
    for visitor in ("admin", "auditor"):
        clients[visitor].post("/bukti/alasan/", {"incident": number, "next": path, "reason": REASON})
    assert address in page(clients["admin"], path)
    assert clients["admin"].get(address).status_code == 200
    assert Viewing.objects.get(subject=Viewing.Subject.PHOTO).reason == REASON
    shown = page(clients["auditor"], path)  # unmasked: never the auditor's, who sees the stills
    assert city.still in shown
    assert address not in shown
    assert "Foto ini tidak disamarkan" in shown
    end_long_ago(city.jam)
    assert f"/agency/photos/{photo.pk}/" not in page(clients["dishub"], f"/agency/complaints/{city.jam.number}/")


def test_every_still_of_the_wall_and_of_a_list_is_a_look(city: City, clients: dict[str, Client]) -> None:
    shown = page(clients["operator"], "/operator/").count("/operator/evidence/")
    assert Viewing.objects.filter(page=Viewing.Page.WALL, actor="oki").count() == shown == 5
    page(clients["operator"], "/operator/")
    assert Viewing.objects.count() == 5
    listed = page(clients["dishub"], "/agency/").count("/agency/evidence/")
    assert Viewing.objects.filter(page=Viewing.Page.LIST, actor="dewi").count() == listed > 0


def test_a_file_opened_past_all_pages_is_a_look(city: City, clients: dict[str, Client]) -> None:
    assert clients["bpbd"].get(f"/agency/evidence/{city.still}/").status_code == 404
    assert not Viewing.objects.exists()
    assert clients["dishub"].get(f"/agency/evidence/{city.still}/").status_code == 200
    assert Viewing.objects.get().page == Viewing.Page.FILE
    clients["dishub"].get(f"/agency/evidence/{city.still}/")
    assert Viewing.objects.count() == 1


@pytest.mark.parametrize("visitor", ["admin", "auditor"])
@pytest.mark.parametrize("where", ["complaint", "incident"])
def test_whose_work_it_is_not_says_why_first(city: City, clients: dict[str, Client], visitor: str, where: str) -> None:
    number = city.jam.incident_id
    path = f"/operator/complaints/{city.jam.number}/" if where == "complaint" else f"/operator/incidents/{number}/"
    client = clients[visitor]
    hidden = page(client, path)
    assert city.still not in hidden
    assert "Mengapa Anda melihat" in hidden
    file = client.get(f"/operator/evidence/{city.still}/")
    assert file.headers["Location"].startswith(f"/bukti/alasan/?incident={number}&next=%2Foperator%2Fevidence%2F")
    short = client.post("/bukti/alasan/", {"incident": number, "next": path, "reason": "x"})
    assert short.status_code == 400
    assert f'value="{path}"' in short.content.decode()
    assert not Viewing.objects.exists()
    assert (
        client.post("/bukti/alasan/", {"incident": number, "next": path, "reason": REASON}).headers["Location"] == path
    )
    assert city.still in page(client, path)
    assert Viewing.objects.get().reason == REASON
    assert client.get(f"/operator/evidence/{city.still}/").status_code == 200
    assert city.flood_still not in page(client, f"/operator/complaints/{city.flood.number}/")
    Purpose.objects.update(until=NOON)
    assert city.still not in page(client, path)


def test_a_case_long_over_takes_a_reason_from_its_own_people_too(city: City, clients: dict[str, Client]) -> None:
    end_long_ago(city.jam)
    assert "Mengapa Anda melihat" in page(clients["dishub"], f"/agency/complaints/{city.jam.number}/")
    assert "Mengapa Anda melihat" in page(clients["operator"], f"/operator/complaints/{city.jam.number}/")
    assert city.still not in page(clients["dishub"], "/agency/?show=ended")
    form = {"incident": city.jam.incident_id, "next": "https://evil.example/", "reason": REASON}
    assert clients["dishub"].post("/bukti/alasan/", form).headers["Location"] == "/agency/"
    assert city.still in page(clients["dishub"], "/agency/?show=ended")
    assert clients["satpol"].post("/bukti/alasan/", form).status_code == 404  # not theirs with any reason


def test_an_administrator_says_why_once_for_the_whole_wall(city: City, clients: dict[str, Client]) -> None:
    hidden = page(clients["admin"], "/operator/")
    assert "/operator/evidence/" not in hidden
    assert "/bukti/alasan/?next=/operator/" in hidden
    clients["admin"].post("/bukti/alasan/", {"next": "/operator/", "reason": REASON})
    assert page(clients["admin"], "/operator/").count("/operator/evidence/") == 5
    assert Viewing.objects.filter(reason=REASON).count() == 5


def test_an_auditor_reads_and_changes_nothing(city: City, clients: dict[str, Client]) -> None:
    for path in (f"/operator/complaints/{city.jam.number}/", f"/operator/incidents/{city.candidate.pk}/"):
        shown = page(clients["auditor"], path)
        assert "/act/" not in shown
        assert "/decide/" not in shown
        assert "/confirm/" not in shown
        assert "/acknowledge/" not in shown
        assert "data-still=" not in shown
    assert "/bulk/" not in page(clients["auditor"], "/operator/complaints/")
    login = Client().post("/login/", {"username": "aini", "password": "aini has a password"})
    assert login.headers["Location"] == "/bukti/akses/"


def test_the_auditors_page_answers_questions(city: City, clients: dict[str, Client]) -> None:
    page(clients["dishub"], f"/agency/complaints/{city.jam.number}/")
    page(clients["operator"], "/operator/")
    shown = page(clients["auditor"], "/bukti/akses/")
    assert f"Menangani aduan {city.jam.number}" in shown
    assert "Memantau" in shown
    narrowed = page(clients["auditor"], f"/bukti/akses/?who=dewi&case={city.jam.number}")
    assert "dewi" in narrowed
    assert "<strong>oki</strong>" not in narrowed
    assert f"who=dewi&amp;case={city.jam.number}" in narrowed  # for the CSV and the next page
    assert page(clients["auditor"], "/bukti/akses/?sha256=%27%20OR%201&first=x").count('role="alert"') == 2


def test_the_record_as_csv(city: City, clients: dict[str, Client]) -> None:
    page(clients["dishub"], f"/agency/complaints/{city.jam.number}/")
    form = {"incident": city.jam.incident_id, "next": "/", "reason": "=HYPERLINK(1) keluhan"}
    clients["auditor"].post("/bukti/alasan/", form)
    page(clients["auditor"], f"/operator/incidents/{city.jam.incident_id}/")

    async def read() -> str:
        auditor = AsyncClient()
        auditor.cookies = clients["auditor"].cookies
        answer = await auditor.get("/bukti/akses.csv")
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
        return "".join([part.decode() async for part in answer.streaming_content])

    header, *rows = csv.reader(io.StringIO(async_to_sync(read)()))
    assert header[:3] == ["time", "user", "role"]
    assert [(row[1], row[4], row[9], *row[10:]) for row in rows] == [
        ("aini", city.still, "'=HYPERLINK(1) keluhan", "evidence", ""),
        ("dewi", city.still, f"Menangani aduan {city.jam.number}", "evidence", ""),
    ]
