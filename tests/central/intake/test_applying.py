"""From the inbox to incidents: crashes, poison and forgeries harm nobody else."""

from unittest.mock import patch

import pytest
from django.core.management import call_command

from central.boxes.enrolment import enrol
from central.incidents.models import Episode, Incident
from central.intake import taking_in
from central.intake.applying import GAP_PATIENCE, apply_pending
from central.intake.committing import commit_events
from central.intake.models import Inbox, Quarantined
from central.intake.subscription import Message
from contract.kinds import IncidentKind
from tests.central.fakebox import FakeBox, episode
from tests.central.moments import NOON, at

pytestmark = pytest.mark.django_db


def states() -> list[str]:
    return list(Inbox.objects.order_by("stream_id", "seq").values_list("state", flat=True))


def test_opened_episode_becomes_an_incident(box: FakeBox) -> None:
    jam = episode()
    commit_events([box.opened(jam, 10)], at(11))
    assert apply_pending(at(11)) == 1
    incident = Incident.objects.get()
    assert (incident.kind, incident.key) == ("jam", "jam@place:jl-sudirman:utara")
    assert (incident.state, incident.began, incident.active_since) == ("active", at(10), at(10))
    assert incident.reason == "cars creep"
    assert incident.measures == {"speed_kmh": 4.5, "occupancy": 0.6}
    assert Episode.objects.get().id == jam
    assert states() == ["applied"]
    assert apply_pending(at(12)) == 0


def test_what_was_committed_before_a_crash_is_applied_after_it(box: FakeBox) -> None:
    jam = episode()
    commit_events([box.opened(jam, 0), box.updated(jam, 5)], at(5))
    with patch.object(taking_in, "review", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        apply_pending(at(5))
    assert not Incident.objects.exists()
    assert states() == ["pending", "pending"]
    apply_pending(at(60))
    assert Incident.objects.get().state == "active"


def test_skipped_body_is_passed_over(box: FakeBox) -> None:
    jam = episode()
    commit_events([box.opened(jam), box.skipped(), box.updated(jam, 5)], at(5))
    apply_pending(at(5))
    assert states() == ["applied", "skipped", "applied"]


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"\x00\xff garbage", "JSON"),
        (b"[]", "message"),
        (b'{"specversion":"1.0"}', "subject"),
        (b'{"specversion":"0.3"}', "specversion"),
    ],
)
def test_unreadable_event_is_set_aside_with_its_reason(box: FakeBox, payload: bytes, reason: str) -> None:
    jam = episode()
    commit_events([box.opened(jam), box.raw(payload), box.updated(jam, 5)], at(5))
    apply_pending(at(5))
    assert states() == ["applied", "quarantined", "applied"]
    aside = Quarantined.objects.get()
    assert reason in aside.reason
    assert bytes(aside.payload) == payload
    assert aside.box == box.id


def test_event_of_another_box_under_this_boxs_topic_is_set_aside(box: FakeBox) -> None:
    other = FakeBox("pgk-02")
    enrol(other.id, other.public_key, NOON)
    forged = other.opened(episode())
    commit_events([box.raw(forged.payload)], NOON)
    apply_pending(NOON)
    assert "the event names box pgk-02" in Quarantined.objects.get().reason
    assert not Incident.objects.exists()


def test_event_under_another_seq_is_set_aside(box: FakeBox) -> None:
    message = box.opened(episode())
    commit_events([message, box.raw(message.payload)], NOON)
    apply_pending(NOON)
    assert states() == ["applied", "quarantined"]


def test_evidence_signed_by_another_key_is_set_aside_and_can_be_tried_again(box: FakeBox) -> None:
    renewed = FakeBox(box.id, epoch=box.epoch)
    manifest, _ = renewed.still()
    commit_events([renewed.opened(episode(), evidence=(manifest,))], NOON)
    apply_pending(NOON)
    assert "signature is not one of box pgk-01" in Quarantined.objects.get().reason
    enrol(box.id, renewed.public_key, NOON, renew=True)
    call_command("requeue", verbosity=0)
    apply_pending(NOON)
    assert states() == ["applied"]
    assert not Quarantined.objects.exists()
    assert Incident.objects.get().state == "active"


def test_event_that_claims_another_boxs_episode_is_set_aside(box: FakeBox) -> None:
    thief = FakeBox("pgk-02")
    enrol(thief.id, thief.public_key, NOON)
    jam = episode()
    commit_events([box.opened(jam)], NOON)
    apply_pending(NOON)
    commit_events([thief.closed(jam, 5)], at(5))
    apply_pending(at(5))
    assert Episode.objects.get().phase == "confirmed"
    assert f"episode {jam} is a jam" in Quarantined.objects.get().reason


def test_poison_is_found_and_does_not_hold_up_the_others(box: FakeBox) -> None:
    jam, poison = episode(), episode()
    batch = [box.opened(jam), box.opened(poison, 1, place="jl-beracun"), box.updated(jam, 5)]
    commit_events(batch, at(5))
    honest = taking_in.begin_incident

    def begin(incident: Incident, *args: object) -> None:
        if incident.place == "jl-beracun":
            raise ZeroDivisionError("cannot divide a street")
        honest(incident, *args)

    with patch.object(taking_in, "begin_incident", begin):
        apply_pending(at(5))
    assert states() == ["applied", "quarantined", "applied"]
    assert "ZeroDivisionError: cannot divide a street" in Quarantined.objects.get().reason
    assert Incident.objects.get().place == "jl-sudirman:utara"


def test_text_a_database_cannot_hold_stops_nobody(box: FakeBox) -> None:
    commit_events([box.opened(episode(), reason="nul \x00 here"), box.opened(episode(), place="elsewhere")], NOON)
    while apply_pending(NOON):
        pass
    assert "pending" not in states()
    assert Incident.objects.filter(place="elsewhere").exists()


def test_late_event_waits_for_those_before_it_but_not_for_ever(box: FakeBox) -> None:
    jam = episode()
    opened, closed = box.opened(jam), box.closed(jam, 9)
    commit_events([closed], at(9))
    assert apply_pending(at(10)) == 0
    assert apply_pending(at(10) + GAP_PATIENCE) == 1
    assert Incident.objects.get().state == "clearing"
    commit_events([opened], at(100))
    apply_pending(at(100))
    incident = Incident.objects.get()
    assert (incident.state, incident.began, incident.clearing_since) == ("clearing", NOON, at(9))


def test_box_clock_ahead_is_cut_at_arrival(box: FakeBox) -> None:
    jam = episode()
    commit_events([box.opened(jam, 0), box.closed(jam, 86_400)], at(30))
    apply_pending(at(30))
    assert Incident.objects.get().clearing_since == at(30)


def test_camera_fault_needs_no_zone_and_keys_on_the_camera(box: FakeBox) -> None:
    commit_events([box.opened(episode(), kind=IncidentKind.CAMERA_FAULT, zone=None, place=None)], NOON)
    apply_pending(NOON)
    assert Incident.objects.get().key == "camera_fault@camera:pgk-01/simpang"


def test_batch_costs_few_queries(box: FakeBox, django_assert_max_num_queries: object) -> None:
    jam = episode()
    replay = [box.opened(jam)] + [box.updated(jam, seconds) for seconds in range(1, 150)]
    with django_assert_max_num_queries(15):
        commit_events(replay, at(200))
    with django_assert_max_num_queries(40):
        apply_pending(at(200))
    assert set(states()) == {"applied"}


def test_message_of_nobody(db: None) -> None:
    assert commit_events([], NOON) == []
    assert commit_events([Message("sigap/v1/b/status", b"{}")], NOON) == []
