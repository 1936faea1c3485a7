"""Old rows go, and nothing else."""

from datetime import timedelta

import pytest

from central.clockwork.chores import KEEP_CHANGES, KEEP_INBOX, KEEP_TOLD, chores
from central.evidence.store import MemoryStore
from central.feed.models import Change, record
from central.intake import quarantine
from central.intake.applying import apply_pending
from central.intake.committing import commit_events
from central.intake.models import Inbox, Quarantined
from central.intake.quarantine import set_aside
from central.outbox.models import Outgoing
from central.outbox.posting import Post, post
from tests.central.fakebox import FakeBox, episode
from tests.central.moments import NOON, at

pytestmark = pytest.mark.django_db


def test_old_changes_go() -> None:
    record(Change.Topic.BOX, "old", "online", NOON)
    record(Change.Topic.BOX, "new", "online", at(10))
    chores(at(5) + KEEP_CHANGES, MemoryStore())
    assert Change.objects.get().ref == "new"


def test_applied_events_go_and_others_stay(box: FakeBox) -> None:
    commit_events([box.opened(episode()), box.raw(b"broken")], NOON)
    apply_pending(NOON)
    commit_events([box.raw(b"{}", 9)], NOON)
    chores(NOON + KEEP_INBOX, MemoryStore())
    assert Inbox.objects.count() == 3
    chores(NOON + KEEP_INBOX + timedelta(seconds=1), MemoryStore())
    assert list(Inbox.objects.order_by("seq").values_list("state", flat=True)) == ["quarantined", "pending"]


def test_box_that_sends_an_event_again_after_it_went_is_acknowledged(box: FakeBox) -> None:
    jam = box.opened(episode())
    commit_events([jam], NOON)
    apply_pending(NOON)
    Inbox.objects.all().delete()
    assert commit_events([jam], at(5))[0].ack.seq == 1
    assert not Inbox.objects.exists()


def test_what_subscribers_were_told_goes_before_letters_do() -> None:
    post([Post(channel, channel, "x", {}) for channel in ("hook", "email", "crm")], NOON)
    Outgoing.objects.update(state="dead", finished=NOON)
    chores(NOON + KEEP_TOLD, MemoryStore())
    assert Outgoing.objects.count() == 3
    chores(NOON + KEEP_TOLD + timedelta(seconds=1), MemoryStore())
    assert set(Outgoing.objects.values_list("channel", flat=True)) == {"email", "crm"}


def test_quarantine_keeps_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quarantine, "ROWS", 2)
    for second in range(5):
        set_aside("b1", f"topic/{second}", b"", "unreadable", at(second))
    assert quarantine.purge() == 3
    assert set(Quarantined.objects.values_list("topic", flat=True)) == {"topic/3", "topic/4"}
    assert quarantine.purge() == 0
