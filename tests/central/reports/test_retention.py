"""What is forgotten of citizens, and when; and what they say later."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from central.accounts.roles import Actor, Role
from central.channels.models import Received
from central.clockwork.chores import chores
from central.complaints.deciding import reject
from central.complaints.models import Complaint
from central.complaints.numbers import grouped
from central.complaints.workflow import act
from central.evidence.store import FolderStore
from central.following.joining import follow
from central.following.models import Follower
from central.outbox.models import Outgoing
from central.reports.keeping import attach, keep
from central.reports.models import Photo, Report, Voice
from central.reports.retention import FORGOTTEN, KEEP_CONTACTS
from central.reports.voices import REOPEN_WITHIN, NotNow, answer, may_ask_to_reopen, say, unanswered
from tests.central.desks.conftest import City, city, client_of, clients, report_about, work  # noqa: F401 — fixtures
from tests.central.moments import at
from tests.central.reports.pictures import photo
from tests.central.reports.test_taking import told

pytestmark = pytest.mark.django_db

OKI = Actor(role=Role.OPERATOR, name="oki")
ADI = Actor(role=Role.ADMIN, name="adi")


def report_with_everything(complaint: Complaint, store: FolderStore) -> Report:
    report = report_about(complaint)
    attach([keep(photo(), at(150), store)], report)
    follow(complaint.incident, "ani@example.org", at(150), is_known=True)
    return report


def test_contacts_go_some_time_after_the_end(city: City, folder_store: FolderStore) -> None:  # noqa: F811
    report = report_with_everything(city.jam, folder_store)
    name = report.photos.get().sha256
    work(city.jam, "start")
    city.end("jam", 300)
    chores(at(8000) + 10 * KEEP_CONTACTS, folder_store)
    report.refresh_from_db()
    assert report.contact, "the complaint is still at work"
    work(city.jam, "report_done", "accept", seconds=9000)
    over = Complaint.objects.get(pk=city.jam.pk).incident.updated
    Outgoing.objects.update(state="sent", finished=over)
    chores(over + KEEP_CONTACTS, folder_store)
    report.refresh_from_db()
    assert report.contact
    chores(over + KEEP_CONTACTS + timedelta(seconds=1), folder_store)
    report.refresh_from_db()
    assert (report.contact, report.sender, report.description) == ({}, FORGOTTEN, "rahasia petugas")
    assert not Photo.objects.exists()
    with pytest.raises(FileNotFoundError):
        folder_store.open(name)
    assert not Follower.objects.exists()
    assert set(Outgoing.objects.values_list("address", flat=True)) == {FORGOTTEN}
    assert "ani@" not in str(list(Outgoing.objects.values()))


def test_of_what_was_not_true_too(seeded: None, folder_store: FolderStore) -> None:
    report = told(sender="email:ani@example.org").report
    reject(report.incident_id, OKI, "kering", at(60))
    chores(at(61) + KEEP_CONTACTS, folder_store)
    report.refresh_from_db()
    assert report.sender == FORGOTTEN


def test_who_never_confirmed_is_forgotten(city: City, folder_store: FolderStore) -> None:  # noqa: F811
    follow(city.jam.incident, "ani@example.org", at(0))
    chores(at(1) + KEEP_CONTACTS, folder_store)
    assert not Follower.objects.exists()


def test_names_of_messages_go(db: None, folder_store: FolderStore) -> None:
    Received.objects.create(key="sms:1", time=at(0))
    chores(at(1) + KEEP_CONTACTS, folder_store)
    assert not Received.objects.exists()


def say_on_the_page(complaint: Complaint, wish: str, text: str = "masih banjir") -> str:
    answer = client_of(None).post(f"/c/{grouped(complaint.tracking)}/say/", {"wish": wish, "text": text})
    return str(answer.headers["Location"].partition("?said=")[2].partition("#")[0])


def test_a_comment_is_the_staffs_to_read(city: City, clients: dict[str, object]) -> None:  # noqa: F811
    assert say_on_the_page(city.flood, "comment") == "comment"
    assert say_on_the_page(city.flood, "comment", " ") == "nothing"
    assert say_on_the_page(city.flood, "comment") == "comment", "the same again changes nothing"
    assert Voice.objects.count() == 1
    page = f"/operator/complaints/{city.flood.number}/"
    assert "masih banjir" in clients["operator"].get(page).content.decode()  # type: ignore[attr-defined]
    assert "masih banjir" not in client_of(None).get(f"/c/{grouped(city.flood.tracking)}/").content.decode()


def test_only_what_has_just_ended_can_be_asked_to_open_again(city: City) -> None:  # noqa: F811
    assert say_on_the_page(city.flood, "reopen") == "not-now"
    now = timezone.now()
    for action in ("start", "report_done", "accept"):
        act(city.flood.pk, action, ADI, now, note="beres")
    ended = Complaint.objects.get(pk=city.flood.pk)
    assert say_on_the_page(ended, "reopen") == "reopen"
    assert say_on_the_page(ended, "reopen", "lagi") == "reopen"
    voice = unanswered().get()
    assert (voice.wish, voice.text) == ("reopen", "masih banjir")
    act(ended.pk, "reopen", OKI, now, note="warga benar")
    assert not unanswered().exists(), "opened again is answered"


@pytest.mark.parametrize(("after", "may"), [(REOPEN_WITHIN, True), (REOPEN_WITHIN + timedelta(seconds=1), False)])
def test_for_so_long(after: timedelta, may: bool, city: City) -> None:  # noqa: F811
    work(city.flood, "start", "report_done", "accept")
    ended = Complaint.objects.get(pk=city.flood.pk)
    assert ended.ended is not None
    moment: datetime = ended.ended + after
    assert may_ask_to_reopen(ended, moment) is may
    if not may:
        with pytest.raises(NotNow):
            say(ended, "reopen", "masih", "device:1", moment)


def test_an_operator_deals_with_it(city: City, clients: dict[str, object]) -> None:  # noqa: F811
    voice = say(city.flood, "comment", "masih banjir", "device:1", at(300))
    clients["operator"].post(f"/operator/voices/{voice.pk}/answered/")  # type: ignore[attr-defined]
    voice.refresh_from_db()
    assert voice.answered is not None
    assert voice.answered_by is not None
    assert answer(voice.pk, OKI, at(400)) == voice
    assert answer(999, OKI, at(400)) is None
