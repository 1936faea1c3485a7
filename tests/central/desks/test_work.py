"""What operators and officers do, and what they are told."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from central.complaints.models import Complaint
from central.outbox.models import Outgoing
from central.outbox.posting import Post, post
from tests.central.desks.conftest import City, work
from tests.central.moments import NOON

pytestmark = pytest.mark.django_db


def offered(page: str) -> set[str]:
    return {part.split('"')[0] for part in page.split('name="action" value="')[1:]}


def test_officer_walks_a_complaint_to_verification(city: City, clients: dict[str, Client]) -> None:
    path = f"/agency/complaints/{city.jam.number}/"
    assert offered(clients["dishub"].get(path).content.decode()) == {
        "coordinate",
        "assign",
        "start",
        "estimate",
        "wrong_agency",
        "reject",
        "note",
    }
    for action, state in (("start", "in_progress"), ("report_done", "verification")):
        reply = clients["dishub"].post(f"{path}act/", {"action": action, "note": "sudah lancar"}, follow=True)
        city.jam.refresh_from_db()
        assert city.jam.state == state
        assert 'class="success"' in reply.content.decode()
    assert offered(clients["dishub"].get(path).content.decode()) == {"note"}, "nobody verifies the own work"
    operator = clients["operator"].get(f"/operator/complaints/{city.jam.number}/").content.decode()
    assert offered(operator) == {"accept", "send_back", "void", "merge", "note"}


def test_informed_agency_reads_but_does_not_act(city: City, clients: dict[str, Client]) -> None:
    path = f"/agency/complaints/{city.flood.number}/"
    assert offered(clients["bpbd"].get(path).content.decode()) == set()
    reply = clients["bpbd"].post(f"{path}act/", {"action": "start"}, follow=True).content.decode()
    assert "milik instansi lain" in reply
    city.flood.refresh_from_db()
    assert city.flood.state == Complaint.State.WAITING


def test_the_second_of_two_is_told(city: City, clients: dict[str, Client]) -> None:
    work(city.jam, "start")
    form = {"action": "start", "expected": "waiting"}
    reply = clients["dishub"].post(f"/agency/complaints/{city.jam.number}/act/", form, follow=True).content.decode()
    assert "diubah orang lain" in reply
    assert "Proses" in reply


def test_queue_holds_own_and_informed_complaints_only(city: City, clients: dict[str, Client]) -> None:
    page = clients["satpol"].get("/agency/").content.decode()
    assert city.vending.number in page
    assert all(other.number not in page for other in (city.jam, city.flood, city.parking))
    work(city.vending, "start", "report_done", "accept")
    assert city.vending.number not in clients["satpol"].get("/agency/").content.decode()
    assert city.vending.number in clients["satpol"].get("/agency/?show=ended").content.decode()


def test_wall_shows_incidents_with_camera_and_box(city: City, clients: dict[str, Client]) -> None:
    page = clients["operator"].get("/operator/").content.decode()
    for complaint in (city.jam, city.flood, city.vending, city.parking):
        assert complaint.number in page
    assert f"/operator/evidence/{city.still}/" in page
    assert "pgk-01" in page
    assert "Konfirmasi?" in page, "the camera fault waits for an operator"


def test_warnings_name_what_is_broken(city: City, clients: dict[str, Client]) -> None:
    page = clients["operator"].get("/operator/").content.decode()
    panel = page.split('id="troubles"')[1].split("</section>")[0]
    assert "old-02" in panel, "a box that was never heard"
    assert city.parking.number in panel, "nobody's rule matched"
    assert "karantina" in panel
    quarantine = clients["operator"].get("/operator/quarantine/").content.decode()
    assert "Field required" in quarantine


def test_reminders_nobody_could_deliver_are_a_warning(city: City, clients: dict[str, Client]) -> None:
    assert "tidak dapat dikirim" not in clients["operator"].get("/operator/").content.decode()
    post([Post("k", "email", "budi@dishub.example", {})], NOON)
    Outgoing.objects.update(state="dead", finished=NOON, error="550 no such user")
    panel = clients["operator"].get("/operator/").content.decode().split('id="troubles"')[1].split("</section>")[0]
    for part in ("Pengingat yang tidak dapat dikirim", "budi@dishub.example", "550 no such user"):
        assert part in panel


def test_confirming_a_candidate(city: City, clients: dict[str, Client]) -> None:
    path = f"/operator/incidents/{city.candidate.pk}/"
    assert "Ya, konfirmasi" in clients["operator"].get(path).content.decode()
    reply = clients["operator"].post(f"{path}confirm/", follow=True).content.decode()
    assert "Dikonfirmasi" in reply
    city.candidate.refresh_from_db()
    assert (city.candidate.state, city.candidate.confirmed_by) == ("active", "oki")
    again = clients["operator"].post(f"{path}confirm/", follow=True).content.decode()
    assert "sudah tidak menunggu" in again


def test_complaint_page_tells_everything(city: City, clients: dict[str, Client]) -> None:
    work(city.jam, "start", "note", note="Dua petugas di lapangan")
    page = clients["operator"].get(f"/operator/complaints/{city.jam.number}/").content.decode()
    for part in (
        "Lalu lintas merayap 4,5 km/jam, dan 60% badan jalan terisi kendaraan.",
        "jam seen by the box",
        "Dua petugas di lapangan",
        "adi",
        "Aturan 20",
        "Dinas Perhubungan",
        "pgk-01",
        "Jl. Jam, arah utara",
    ):
        assert part in page, part


def test_the_sentence_stays_that_of_the_filing(city: City, clients: dict[str, Client]) -> None:
    work(city.jam, "start")
    city.end("jam", 300)
    page = clients["operator"].get(f"/operator/complaints/{city.jam.number}/").content.decode()
    assert "merayap 4,5 km/jam" in page
    assert "Kamera tidak lagi melihat masalahnya" in page
    incident = clients["operator"].get(f"/operator/incidents/{city.jam.incident_id}/").content.decode()
    assert "nothing left to see" in incident
    assert "merayap" not in incident


def test_long_lists_are_paged(city: City, clients: dict[str, Client], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("central.desks.listing.PAGE", 3)
    first = clients["operator"].get("/operator/complaints/").content.decode()
    onward = re.search(r'rel="next" href="([^"]*)"', first)
    assert onward is not None
    second = clients["operator"].get("/operator/complaints/" + unescape(onward[1])).content.decode()
    assert (first.count('data-key="SGP'), second.count('data-key="SGP')) == (3, 1)
    assert 'rel="next"' not in second
    back = re.search(r'rel="prev" href="([^"]*)"', second)
    assert back is not None
    assert 'data-key="SGP' in clients["operator"].get("/operator/complaints/" + unescape(back[1])).content.decode()


@pytest.mark.parametrize(
    ("path", "length"),
    [
        ("/operator/", "operator.ON_THE_WALL"),
        ("/operator/complaints/", "listing.PAGE"),
        ("/agency/", "listing.PAGE"),
        ("/", "public.NEWEST"),
    ],
)
def test_a_longer_list_needs_no_more_queries(
    path: str, length: str, city: City, clients: dict[str, Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = []
    for rows in (1, 4):
        monkeypatch.setattr(f"central.desks.{length}", rows)
        with CaptureQueriesContext(connection) as queries:
            clients["admin"].get(path)
        counts.append(len(queries))
    assert counts[0] == counts[1]
