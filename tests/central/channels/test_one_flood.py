"""Twenty reports of one flood from twelve people over three channels, while two cameras see it: one incident, one
complaint for each agency, twelve followers, and no notification twice."""

import json
import re
from collections import Counter
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from central.accounts.roles import Actor, Role
from central.channels.mail_in import take_letter
from central.channels.models import Gateway
from central.clockwork.tick import tick
from central.complaints.models import Complaint
from central.complaints.workflow import act
from central.evidence.store import store
from central.following.models import Follower
from central.incidents.models import Incident
from central.intake.applying import apply_pending
from central.intake.committing import commit_events
from central.outbox.models import Outgoing
from central.outbox.webhook import receiver_key, signed
from central.reports.models import Report
from contract.kinds import IncidentKind
from tests.central.channels.letters import letter
from tests.central.fakebox import FakeBox, episode
from tests.central.reports.pictures import photo

pytestmark = pytest.mark.django_db

HERE = (-2.1312, 106.1101)
METRE = 1 / 111_195
OFFICER = Actor(role=Role.ADMIN, name="adi")


def near(north_m: float) -> tuple[float, float]:
    return HERE[0] + north_m * METRE, HERE[1]


def seen_by_two_cameras(box: FakeBox) -> None:
    now = timezone.now()
    for camera, north_m, place in (("simpang", 0.0, "jl-merdeka:selatan"), ("pasar", 60.0, "jl-pasar:utara")):
        box.camera = camera
        ago = now.timestamp() - 200
        box_seconds = ago - at_epoch()
        message = box.opened(
            episode(), kind=IncidentKind.FLOOD, location=near(north_m), seconds=box_seconds, place=place, zone="utara"
        )
        commit_events([message], now)
    while apply_pending(now):
        pass


def at_epoch() -> float:
    from tests.central.moments import NOON

    return NOON.timestamp()


class Citizens:
    """Twelve people: four on the web, four by e-mail, four by SMS; each sends once or twice."""

    def __init__(self, settings: Any) -> None:
        self._secret = settings.WEBHOOK_SECRET
        self._browsers = [Client() for _ in range(4)]
        for browser in self._browsers:
            browser.get("/lapor/")

    def on_the_web(self, who: int) -> None:
        lat, lon = near(5.0 * who)
        form = {"kind": "flood", "lat": lat, "lon": lon, "email": f"web{who}@example.org", "description": "selutut"}
        assert self._browsers[who].post("/lapor/", form).status_code == 302

    def by_email(self, who: int) -> None:
        raw = letter("Banjir!", sender=f"mail{who}@example.org", photos=(photo(at=near(8.0 * who)),))
        assert take_letter(raw, timezone.now(), store()) is not None

    def by_sms(self, who: int, message_id: str) -> None:
        lat, lon = near(-6.0 * who)
        body = json.dumps({"sender": f"+62812000{who}", "text": "banjir", "lat": lat, "lon": lon}).encode()
        key = receiver_key(self._secret, "https://sms.example/out")
        headers = signed(key, message_id, timezone.now(), body)
        answer = Client().post("/gateway/sms/", body, content_type="application/json", headers=headers)
        assert answer.status_code == 202


def confirm_all() -> None:
    """Whoever was asked by e-mail presses the button behind the link of the letter."""
    for letter_out in Outgoing.objects.filter(channel="email"):
        for token in re.findall(r"/ikuti/([\w-]+)/", letter_out.content["text"]):
            assert Client().post(f"/ikuti/{token}/", {"decision": "confirm"}).status_code == 302


def test_one_flood(box: FakeBox, seeded: None, settings: Any) -> None:
    Gateway.objects.create(name="sms", address="https://sms.example/out")
    seen_by_two_cameras(box)
    citizens = Citizens(settings)
    for who in range(4):
        citizens.on_the_web(who)
        citizens.by_email(who)
        citizens.by_sms(who, f"first-{who}")
    for who in range(4):  # eight of them once more
        citizens.by_sms(who, f"second-{who}")
        citizens.by_email(who) if who % 2 else citizens.on_the_web(who)

    assert sum(Report.objects.values_list("times", flat=True)) == 20
    assert Report.objects.count() == 12
    incident = Incident.objects.get()
    assert incident.episodes.count() == 2

    tick(timezone.now())
    complaint = Complaint.objects.get()
    assert complaint.incident_id == incident.pk
    assert Counter(Complaint.objects.values_list("agency", flat=True)) == {"sda": 1}

    answers = Outgoing.objects.count()
    confirm_all()
    confirm_all()
    followers = Follower.objects.filter(state="following")
    assert followers.count() == Follower.objects.count() == 12
    assert Outgoing.objects.count() == answers, "confirming writes nothing"
    assert Counter(Outgoing.objects.values_list("content__to", "address")).most_common(1)[0][1] == 1, "answered once"

    for action in ("coordinate", "start", "report_done", "send_back", "report_done", "accept"):
        act(complaint.pk, action, OFFICER, timezone.now(), note="pompa dikirim")
        tick(timezone.now())

    news = Outgoing.objects.filter(key__startswith=f"citizen:{complaint.number}:")
    by_address = Counter((each.address if each.channel == "email" else each.content["to"]) for each in news)
    # Koordinasi, Proses, menunggu verifikasi; sent back, Proses and verifikasi again; Selesai.
    assert set(by_address.values()) == {6}
    assert len(by_address) == 12
    said = [(each.address, each.content.get("to"), each.key.split(":")[2:4]) for each in news]
    assert len(said) == len({str(each) for each in said}), "nobody is told the same twice"
    assert any("Selesai" in each.content.get("subject", "") for each in news)


def test_what_was_undone_is_not_told_again(box: FakeBox, seeded: None) -> None:
    from django.contrib.auth.models import User

    from central.complaints.bulk import act_on_all, undo
    from central.following.joining import follow

    seen_by_two_cameras(box)
    tick(timezone.now())
    complaint = Complaint.objects.get()
    follow(complaint.incident, "ani@example.org", timezone.now(), is_known=True)
    actor = Actor(role=Role.ADMIN, name="adi", user=User.objects.create_user("adi"))
    for _ in range(2):
        undo(act_on_all([complaint.number], "start", actor, timezone.now()).pk, actor, timezone.now())
    act(complaint.pk, "start", actor, timezone.now())
    states = [key.split(":")[3] for key in Outgoing.objects.order_by("pk").values_list("key", flat=True)]
    assert states == ["in_progress", "waiting"]
