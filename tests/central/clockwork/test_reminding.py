"""Reminders of what falls due, from the tick to the receivers."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.utils import translation

from central.accounts.roles import Actor, actor_of
from central.clockwork.reminding import remind
from central.clockwork.tick import tick
from central.complaints.models import Complaint
from central.complaints.workflow import act
from central.feed.models import Change
from central.intake.applying import apply_pending
from central.intake.committing import commit_events
from central.outbox.delivering import deliver_next
from central.outbox.mail import MailServer
from central.outbox.models import Contact, Outgoing
from central.outbox.relay import Relay
from central.outbox.webhook import Webhooks, receiver_key
from central.service.policies import publish
from tests.central.fakebox import FakeBox, episode
from tests.central.intake.boxclient import eventually
from tests.central.moments import NOON, at
from tests.central.outbox.hookserver import Receiver, receiving
from tests.central.outbox.mailserver import Postbox, serving

pytestmark = pytest.mark.django_db

H = 3600
OPENED = 60


@pytest.fixture
def complaint(box: FakeBox, seeded: None) -> Complaint:
    commit_events([box.opened(episode())], NOON)
    apply_pending(NOON)
    tick(at(OPENED))
    return Complaint.objects.get()


@pytest.fixture
def admin(db: None) -> Actor:
    user = User.objects.create_user("adi")
    user.groups.add(Group.objects.create(name="admin"))
    return actor_of(user)


@pytest.fixture(autouse=True)
def contacts(seeded: None) -> None:
    for agency, address, level in (
        ("dishub", "petugas@dishub.example", 1),
        ("dishub", "kepala@dishub.example", 2),
        ("sda", "petugas@sda.example", 1),
        (None, "kota@city.example", 3),
    ):
        Contact.objects.create(agency_id=agency, channel="email", address=address, level=level)
    Contact.objects.create(agency_id="dishub", channel="email", address="old@dishub.example", active=False)


def written() -> list[tuple[str, str]]:
    """Who was written to, and what; each once."""
    waiting = Outgoing.objects.filter(state="waiting")
    rows = list(waiting.order_by("pk").values_list("address", "content__subject"))
    waiting.update(state="sent")
    return [(address.split("@")[0], subject.partition("): ")[2]) for address, subject in rows]


def hour(hours: float) -> Any:
    return at(OPENED + hours * H)


def test_nobody_answers(complaint: Complaint) -> None:
    assert remind(hour(4.49)) == 0
    assert remind(hour(4.5)) == 1
    assert remind(hour(4.5)) == 0
    assert written() == [("petugas", "tanggapan pertama jatuh tempo 2 Mar 2026 18.01 WIB")]
    tick(hour(6))
    assert written() == [
        ("petugas", "tanggapan pertama terlambat sejak 2 Mar 2026 18.01 WIB"),
        ("kepala", "tanggapan pertama terlambat sejak 2 Mar 2026 18.01 WIB"),
    ]
    tick(hour(126))
    assert written() == [("petugas", "jatuh tempo 9 Mar 2026 12.01 WIB")]
    tick(hour(168))
    assert [who for who, _subject in written()] == ["petugas", "kepala"]
    tick(hour(252))
    assert written() == [
        ("petugas", "terlambat sejak 9 Mar 2026 12.01 WIB"),
        ("kepala", "terlambat sejak 9 Mar 2026 12.01 WIB"),
        ("kota", "terlambat sejak 9 Mar 2026 12.01 WIB"),
    ]
    complaint.refresh_from_db()
    assert complaint.next_step is None
    assert Change.objects.filter(topic="complaint", what="reminded").count() == 5


def test_a_centre_that_was_off_writes_everything_at_once(complaint: Complaint) -> None:
    remind(hour(170))
    assert len(written()) == 6
    assert remind(hour(170)) == 0


def test_who_has_answered_in_time_is_left_in_peace(complaint: Complaint, admin: Actor) -> None:
    act(complaint.pk, "start", admin, hour(4))
    tick(hour(100))
    assert not written()
    act(complaint.pk, "report_done", admin, hour(101), note="done")
    assert remind(hour(400)) == 0


def test_a_step_that_was_due_when_somebody_answered_is_still_told(complaint: Complaint, admin: Actor) -> None:
    act(complaint.pk, "start", admin, hour(5))  # half an hour after the step, while the centre was away
    remind(hour(5.1))
    assert [who for who, _subject in written()] == ["petugas"]


def test_letters_speak_the_citys_language_whoever_caused_them(complaint: Complaint) -> None:
    with translation.override("en"):
        remind(hour(4.5))
    [letter] = Outgoing.objects.all()
    assert letter.content["subject"].startswith(f"Aduan {complaint.number} (kemacetan): tanggapan pertama")
    for part in ("Dinas Perhubungan", "Menunggu", f"/agency/complaints/{complaint.number}/"):
        assert part in letter.content["text"]


def test_one_that_fails_delays_no_other(complaint: Complaint, box: FakeBox, monkeypatch: pytest.MonkeyPatch) -> None:
    publish("jam", {"steps": []}, at(61))
    Complaint.objects.update(completion_due=None, first_response_due=None)
    assert remind(hour(4.5)) == 0
    complaint.refresh_from_db()
    assert complaint.next_step == hour(4.5), "tried again"


def test_delivered_by_mail_and_webhook(complaint: Complaint) -> None:
    postbox, receiver = Postbox(), Receiver()
    hooks = Webhooks("secret")
    with serving(postbox) as port, receiving(receiver) as address:
        Contact.objects.create(agency_id="dishub", channel="webhook", address=address)
        remind(hour(4.5))
        mail = MailServer("smtp", "127.0.0.1", port, "sigap@city.example")
        while deliver_next({"email": mail, "webhook": hooks}, hour(4.6)):
            pass
    [letter] = postbox.letters
    assert letter["To"] == "petugas@dishub.example"
    assert receiver.accepts(receiver_key("secret", address))
    event = json.loads(receiver.taken[0][1])
    assert (event["type"], event["subject"]) == ("id.sigap.complaint.reminder.v1", complaint.number)
    assert event["data"]["due"] == hour(6).isoformat()
    assert (event["data"]["deadline"], event["data"]["level"]) == ("first_response", 1)
    assert not Outgoing.objects.exclude(state="sent").exists()


@pytest.mark.django_db(transaction=True)
def test_two_relays_deliver_everything_once(seeded: None) -> None:
    from central.outbox.posting import Post, post

    postbox = Postbox()
    post([Post(f"k{n}", "email", f"a{n}@b.example", {"subject": f"{n}", "text": "x"}) for n in range(30)], NOON)
    with serving(postbox) as port:
        mail = MailServer("smtp", "127.0.0.1", port, "sigap@city.example")
        relays = [Relay({"email": mail}) for _ in range(2)]
        for relay in relays:
            relay.start()
        assert eventually(lambda: not Outgoing.objects.filter(state="waiting").exists(), 40)
        for relay in relays:
            relay.stop()
    assert sorted(int(letter["Subject"]) for letter in postbox.letters) == list(range(30))
