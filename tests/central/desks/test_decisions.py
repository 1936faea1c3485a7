"""What operators decide on incidents, lists and silences, through the pages."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from central.clockwork.tick import tick
from central.complaints.models import Bulk, Complaint
from central.incidents.models import Decision, Incident
from central.silences.models import Silence
from contract.kinds import Closing
from tests.central.desks.conftest import City, work
from tests.central.incidents.hearing import hear
from tests.central.moments import at

pytestmark = pytest.mark.django_db


def decide(clients: dict[str, Client], pk: int, decision: str, **more: str) -> str:
    path = f"/operator/incidents/{pk}/decide/"
    return clients["operator"].post(path, {"decision": decision} | more, follow=True).content.decode()


def test_rejecting_on_the_incident_s_page(city: City, clients: dict[str, Client]) -> None:
    pk = city.parking.incident_id
    assert 'value="reject"' in clients["operator"].get(f"/operator/incidents/{pk}/").content.decode()
    assert "Tulis alasannya" in decide(clients, pk, "reject", reason=" ")
    page = decide(clients, pk, "reject", reason="sebuah bayangan")
    assert "sebuah bayangan" in page
    city.parking.refresh_from_db()
    assert city.parking.state == "rejected"
    assert 'value="reject"' not in page
    public = clients["public"].get(f"/c/{city.parking.tracking}/", follow=True).content.decode()
    assert "Aduan ini ditolak" in public
    assert "sebuah bayangan" not in public


def test_merging_by_number_and_taking_apart(city: City, clients: dict[str, Client]) -> None:
    twin = Incident.objects.get(pk=city.jam.incident_id)
    episode = twin.episodes.get()
    twin.pk, twin.key = None, "jam@elsewhere"
    twin.save()
    episode.pk, episode.incident = "00000000-0000-4000-8000-000000000001", twin
    episode.save(force_insert=True)
    page = decide(clients, twin.pk, "merge", into=f"#{city.jam.incident_id}", reason="satu antrean")
    assert "digabung" in page
    assert f"#{twin.pk}" in clients["operator"].get(f"/operator/incidents/{city.jam.incident_id}/").content.decode()
    for wrong in ("", "x", "999999"):
        assert "Isi nomor" in decide(clients, city.jam.incident_id, "merge", into=wrong, reason="satu antrean")
    decide(clients, twin.pk, "unmerge", reason="dua antrean")
    assert list(Decision.objects.values_list("action", flat=True)) == ["merge", "unmerge"]


def test_out_of_sight_asks_an_operator(city: City, clients: dict[str, Client]) -> None:
    more = {"place": "jl-jam:utara"}
    hear(city.box.closed(city.episodes["jam"], 300, Closing.LOST, **more), now=at(300))
    tick(at(300 + 7200))
    assert "<strong>1</strong> di luar pandangan" in clients["operator"].get("/operator/").content.decode()
    page = clients["operator"].get(f"/operator/incidents/{city.jam.incident_id}/").content.decode()
    assert "mohon dicari tahu" in page
    decide(clients, city.jam.incident_id, "gone", reason="telepon polsek")
    city.jam.refresh_from_db()
    assert city.jam.state == "gone"


def test_many_at_once_and_back(city: City, clients: dict[str, Client]) -> None:
    page = clients["admin"].get("/operator/complaints/").content.decode()
    chosen = re.findall(r'name="number" value="([^"]+)"', page)
    assert len(chosen) == 4
    form = {"number": chosen, "action": "start"}
    page = clients["admin"].post("/operator/bulk/", form, follow=True).content.decode()
    assert "4 aduan diubah" in page
    assert set(Complaint.objects.values_list("state", flat=True)) == {"in_progress"}
    address = re.search(r'formaction="([^"]+)"', page)
    assert address is not None
    assert "Dibatalkan" in clients["admin"].post(address[1], follow=True).content.decode()
    assert set(Complaint.objects.values_list("state", flat=True)) == {"waiting"}
    work(city.jam, "start")
    assert city.jam.number in clients["admin"].post("/operator/bulk/", form, follow=True).content.decode()
    assert Bulk.objects.count() == 1


def test_officers_act_on_their_own_only(city: City, clients: dict[str, Client]) -> None:
    form = {"number": [city.jam.number, city.vending.number], "action": "start"}
    reply = clients["dishub"].post("/agency/bulk/", form, follow=True).content.decode()
    assert "dari daftar Anda sendiri" in reply
    assert not Complaint.objects.filter(state="in_progress").exists()


def test_an_officer_does_it_to_the_queue_and_takes_it_back(city: City, clients: dict[str, Client]) -> None:
    queue = clients["dishub"].get("/agency/").content.decode()
    assert city.jam.number in re.findall(r'name="number" value="([^"]+)"', queue)
    form = {"number": [city.jam.number], "action": "start"}
    page = clients["dishub"].post("/agency/bulk/", form, follow=True).content.decode()
    city.jam.refresh_from_db()
    assert (city.jam.state, city.jam.first_response_stopped is None) == ("in_progress", False)
    address = re.search(r'formaction="([^"]+)"', page)
    assert address is not None
    clients["dishub"].post(address[1], follow=True)
    city.jam.refresh_from_db()
    assert (city.jam.state, city.jam.first_response_stopped) == ("waiting", None), "what is taken back was no response"
    assert 'name="number"' not in clients["dishub"].get("/agency/?show=ended").content.decode()


def test_passing_on_through_the_page(city: City, clients: dict[str, Client]) -> None:
    path = f"/agency/complaints/{city.jam.number}/"
    page = clients["dishub"].get(path).content.decode()
    assert '<select id="agency" name="agency">' in page
    assert 'type="datetime-local"' in page
    clients["dishub"].post(f"{path}act/", {"action": "wrong_agency", "note": "bukan kami", "agency": "satpol-pp"})
    city.jam.refresh_from_db()
    assert city.jam.agency_id == "satpol-pp"
    assert clients["dishub"].get(path).status_code == 404
    assert clients["satpol"].get(path).status_code == 200


def test_a_promise_is_public_once_it_is_approved(city: City, clients: dict[str, Client]) -> None:
    path, public = f"/agency/complaints/{city.jam.number}/", f"/c/{city.jam.tracking}/"
    clients["dishub"].post(f"{path}act/", {"action": "estimate", "until": "2099-03-04T17:00"})
    assert "erkiraan selesai" not in clients["public"].get(public, follow=True).content.decode()
    assert "belum disetujui" in clients["dishub"].get(path).content.decode()
    clients["admin"].post(f"{path}act/", {"action": "approve_estimate"})
    page = clients["public"].get(public, follow=True).content.decode()
    assert "Perkiraan selesai" in page
    assert "4 Mar 2099 17.00 WIB" in page


class TestSilences:
    """The page of silences."""

    FORM = {"kind": "jam", "begins": "2026-03-02T10:00", "ends": "2099-03-02T10:00", "reason": "hari bebas kendaraan"}

    def test_made_listed_and_ended(self, city: City, clients: dict[str, Client]) -> None:
        page = clients["operator"].post("/operator/silences/new/", self.FORM, follow=True).content.decode()
        assert "hari bebas kendaraan" in page
        made = Silence.objects.get()
        assert (made.created_by, made.ends.year) == ("oki", 2099)
        page = clients["operator"].post(f"/operator/silences/{made.pk}/end/", follow=True).content.decode()
        assert "diakhiri oleh" in page
        made.refresh_from_db()
        assert made.ends <= timezone.now()

    @pytest.mark.parametrize(
        ("change", "told"),
        [
            ({"kind": ""}, "tidak dapat menyembunyikan semuanya"),
            ({"ends": "2026-03-02T09:00"}, "berakhir setelah dimulai"),
            ({"area": "1, 2\n3, 4"}, "sedikitnya tiga sudut"),
            ({"area": "here"}, "Satu sudut per baris"),
            ({"reason": ""}, "field-error-or-required"),
        ],
    )
    def test_what_is_wrong_is_said(
        self, change: dict[str, str], told: str, city: City, clients: dict[str, Client]
    ) -> None:
        reply = clients["operator"].post("/operator/silences/new/", self.FORM | change)
        assert reply.status_code == 400
        page = reply.content.decode()
        assert told in page or (told == "field-error-or-required" and 'class="wrong"' in page)
        assert "hari bebas kendaraan" in page or "reason" in change
        assert not Silence.objects.exists()

    def test_an_area_as_maps_copy_it(self, city: City, clients: dict[str, Client]) -> None:
        form = self.FORM | {"kind": "", "area": "-2.0, 106.0\n-3.0, 106.0\n-3.0, 107.0\n"}
        clients["operator"].post("/operator/silences/new/", form)
        assert Silence.objects.get().area == [[106.0, -2.0], [106.0, -3.0], [107.0, -3.0]]
