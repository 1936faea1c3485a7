"""Complaints go to a CRM once, and what it says comes back."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from central.accounts.roles import Actor, Role
from central.complaints.models import Complaint
from central.complaints.workflow import act
from central.desks import troubles
from central.forwarding.elements import DEEPEST, LARGEST, Unreadable, read
from central.forwarding.mirroring import mirror
from central.forwarding.models import Crm, Forwarded
from central.forwarding.sending import MOST_ROUNDS, CrmCarrier, forward
from central.outbox.delivering import deliver_next
from central.outbox.models import Outgoing
from central.readiness import faults
from tests.central.desks.conftest import City, city, work  # noqa: F401 — fixtures
from tests.central.forwarding.fakecrm import FakeCrm, serving

pytestmark = pytest.mark.django_db

OPERATOR = Actor(role=Role.OPERATOR, name="oki")


class Link:
    """The city, its CRM, and a clock that each round advances far enough."""

    def __init__(self, city: City, crm: FakeCrm, row: Crm) -> None:  # noqa: F811
        self.city, self.crm, self.row = city, crm, row
        self.now = timezone.now()

    def round(self) -> None:
        """Forwards, delivers, mirrors."""
        self.now += timedelta(hours=12)
        forward(self.now)
        while deliver_next({"crm": CrmCarrier()}, self.now):
            pass
        mirror(self.now)

    def hears(self, request_id: str, status: str, notes: str = "") -> Complaint:
        """The jam, after the CRM has said this and was asked."""
        self.crm.say(request_id, status, notes)
        self.round()
        return Complaint.objects.get(pk=self.city.jam.pk)

    def actions(self) -> list[str]:
        return list(self.city.jam.history.order_by("step").values_list("action", flat=True))


@pytest.fixture
def link(city: City, monkeypatch: pytest.MonkeyPatch) -> Iterator[Link]:  # noqa: F811
    """Dishub works in a CRM that knows jams as 017."""
    monkeypatch.setenv("SIGAP_CRM_DISHUB", "the key")
    crm = FakeCrm()
    with serving(crm) as endpoint:
        row = Crm.objects.create(
            agency_id="dishub", endpoint=endpoint, key_name="SIGAP_CRM_DISHUB", services={"jam": "017"}
        )
        yield Link(city, crm, row)


def state_of(link: Link) -> str:
    return str(Forwarded.objects.latest("pk").state)


def test_what_is_sent(link: Link) -> None:
    link.round()
    [sent] = link.crm.requests.values()
    jam = link.city.jam
    assert (sent["api_key"], sent["service_code"], sent["lat"], sent["long"]) == (
        "the key",
        "017",
        "-2.500000",
        "106.500000",
    )
    assert sent["description"].startswith(f"[{jam.number}/1] ")
    assert sent["device_id"] == f"{jam.number}/1"
    assert sent["address_string"] == "Jl. Jam, arah utara"
    assert sent["media_url"].endswith(f"/still/{link.city.still}/")
    assert "jurisdiction_id" not in sent
    assert "the key" not in "".join(link.crm.asked)
    link.round()
    assert len(link.crm.requests) == 1, "once"


def test_only_the_agency_s_own_open_complaints_of_known_kinds_go(link: Link) -> None:
    link.row.services = {"jam": "017", "parking": "018"}
    link.row.save()
    work(link.city.jam, "start", "report_done")
    link.round()
    assert not link.crm.requests, "the agency has said that it is done; parking is not Dishub's here"
    Crm.objects.update(active=False)
    work(link.city.jam, "send_back", seconds=400)
    link.round()
    assert not link.crm.requests


def test_there_and_back(link: Link) -> None:
    link.round()
    assert link.hears("1", "open", "Koordinasi").state == "coordination"
    assert link.hears("1", "open", "sedang dikerjakan").state == "in_progress"
    assert link.hears("1", "open", "masih dikerjakan, 2 jam lagi").state == "in_progress"
    assert link.hears("1", "closed", "Selesai, jalan lancar").state == "verification", "a claim, until somebody looked"
    assert link.actions() == ["open", "coordinate", "start", "report_done"]
    done = link.city.jam.history.get(action="report_done")
    assert (done.actor, done.note) == ("CRM Dishub", "Selesai, jalan lancar")
    assert done.data == {"crm": "dishub", "request": "1", "status": "closed"}
    assert act(link.city.jam.pk, "accept", OPERATOR, link.now).state == "done"
    link.round()
    assert (len(link.crm.requests), state_of(link)) == (1, "closed")


def test_closed_without_a_step_between(link: Link) -> None:
    link.round()
    assert link.hears("1", "closed").state == "verification"
    assert link.actions() == ["open", "start", "report_done"]


def test_rejected_and_not_theirs(link: Link) -> None:
    link.round()
    jam = link.hears("1", "closed", "bukan kewenangan Dishub")
    assert (jam.state, jam.agency_id) == ("waiting", "diskominfo"), "to the default desk"
    act(jam.pk, "reroute", OPERATOR, link.now, note="it is", inputs={"agency": "dishub"})
    link.round()
    assert link.hears("2", "closed", "Ditolak").state == "rejected"


def test_words_that_nobody_foresaw_wait_for_a_person(link: Link) -> None:
    link.round()
    jam = link.hears("1", "closed", "lihat surat 12/2026")
    assert (jam.state, state_of(link)) == ("waiting", "unclear")
    assert link.actions()[-1] == "note"
    [row] = troubles.current(link.now, []).unclear
    assert row.status_notes == "lihat surat 12/2026"
    link.round()
    assert len(link.crm.requests) == 1, "not sent again before somebody has decided"
    work(jam, "start", seconds=60 * 60 * 24 * 365)
    assert not troubles.current(link.now, []).unclear


def test_what_comes_back_unsolved_is_sent_once_more_but_not_for_ever(link: Link) -> None:
    link.round()
    for number in range(1, MOST_ROUNDS + 1):
        assert link.hears(str(number), "closed").state == "verification"
        act(link.city.jam.pk, "send_back", OPERATOR, link.now, note="still there")
        link.round()
    assert len(link.crm.requests) == MOST_ROUNDS
    assert "masih ada" in link.crm.requests["2"]["description"]
    assert state_of(link) == "unclear"
    link.round()
    assert Forwarded.objects.count() == MOST_ROUNDS + 1


def test_ids_that_come_later(link: Link) -> None:
    link.crm.defers = True
    link.round()
    assert Forwarded.objects.get().token == "t1"
    link.round()
    assert Forwarded.objects.get().request_id == ""
    link.crm.tokens["t1"] = "1"
    link.crm.say("1", "open", "dikerjakan")
    link.round()
    assert Complaint.objects.get(pk=link.city.jam.pk).state == "in_progress"


def test_an_answer_that_was_lost_makes_no_second_request(link: Link) -> None:
    link.crm.loses_answers = True
    link.round()
    assert state_of(link) == "waiting"
    link.crm.loses_answers = False
    link.round()
    assert len(link.crm.requests) == 1
    assert (state_of(link), Forwarded.objects.get().request_id) == ("followed", "1")


@pytest.mark.parametrize(
    ("status", "state"),
    [(400, "dead"), (422, "dead"), (403, "waiting"), (404, "waiting"), (429, "waiting"), (500, "waiting")],
)
def test_refusals_for_good_and_for_now(status: int, state: str, link: Link) -> None:
    link.crm.refusal = (status, "lat: too far north")
    link.round()
    outgoing = Outgoing.objects.get()
    assert outgoing.state == state
    assert "lat: too far north" in outgoing.error


def test_a_complaint_that_left_meanwhile_is_not_sent(link: Link) -> None:
    forward(link.now)
    act(link.city.jam.pk, "reroute", OPERATOR, link.now, note="no", inputs={"agency": "sda"})
    link.round()
    assert not link.crm.requests
    assert state_of(link) == "left"


def test_what_another_agency_holds_by_now_is_followed_no_longer(link: Link) -> None:
    link.round()
    act(link.city.jam.pk, "reroute", OPERATOR, link.now, note="no", inputs={"agency": "sda"})
    assert link.hears("1", "closed", "Selesai").state == "waiting"
    assert state_of(link) == "left"


def test_a_crm_that_refuses_lists_is_asked_one_by_one(link: Link) -> None:
    link.crm.refuses_lists = True
    link.round()
    assert link.hears("1", "open", "proses").state == "in_progress"


def test_it_is_asked_as_often_as_was_agreed(link: Link) -> None:
    link.round()
    asked = len(link.crm.asked)
    mirror(link.now + timedelta(seconds=299))
    assert len(link.crm.asked) == asked
    mirror(link.now + timedelta(seconds=300))
    assert len(link.crm.asked) == asked + 1


@pytest.mark.parametrize("raw", [b"<html>", b"", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', b"\xff"])
def test_an_answer_that_cannot_be_read_is_said(raw: bytes, link: Link) -> None:
    link.round()
    link.crm.raw = raw
    link.round()
    assert Crm.objects.get().error
    link.crm.raw = None
    link.round()
    assert Crm.objects.get().error == ""


def test_without_its_key_nothing_is_sent(link: Link, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SIGAP_CRM_DISHUB")
    link.round()
    assert [fault for fault in faults() if "SIGAP_CRM_DISHUB" in fault]
    assert "SIGAP_CRM_DISHUB" in Outgoing.objects.get().error
    assert not link.crm.requests


def test_xml_has_an_end() -> None:
    assert read(b"<a><b>x</b><b/></a>").value("b") == "x"
    with pytest.raises(Unreadable, match="deep"):
        read(b"<a>" * (DEEPEST + 1) + b"</a>" * (DEEPEST + 1))
    with pytest.raises(Unreadable, match="bytes"):
        read(b" " * (LARGEST + 1))


def test_the_command(seeded: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command(
        "crm",
        "dishub",
        "https://crm.example/open311/v2/",
        "--key-name=SIGAP_CRM_DISHUB",
        "--service=jam=017",
        "--service=parking=018",
        "--note=closed:tanpa tindakan=unclear",
        "--poll=60",
    )
    row = Crm.objects.get()
    assert (row.endpoint, row.poll_s) == ("https://crm.example/open311/v2", 60)
    assert (row.services, row.notes) == (
        {"jam": "017", "parking": "018"},
        [["closed", "tanpa tindakan", "unclear"]],
    )
    call_command("crm", "dishub", "--stop")
    call_command("crm")
    assert "(stopped): 0 waiting, 0 followed, 0 unclear" in capsys.readouterr().out
    wrong: list[list[Any]] = [
        ["nobody", "https://crm.example"],
        ["sda", "http://crm.example"],
        ["sda", "https://a:b@crm.example"],
        ["sda", "https://crm.example", "--service=potholes=1"],
        ["sda", "https://crm.example", "--service=jam"],
        ["sda", "https://crm.example", "--key-name=HOME"],
        ["sda", "https://crm.example", "--note=closed:(=done"],
    ]
    for arguments in wrong:
        with pytest.raises(CommandError):
            call_command("crm", *arguments)
    assert Crm.objects.count() == 1
