"""Late, early, duplicate and reordered events all end in the same state."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from central.boxes.enrolment import enrol
from central.clockwork.tick import tick
from central.complaints.models import Complaint
from central.incidents.models import Episode, Incident
from central.intake.applying import GAP_PATIENCE, apply_pending
from central.intake.committing import commit_events
from central.intake.subscription import Message
from central.routing.seeding import seed
from contract.ids import new_epoch
from contract.kinds import Closing
from tests.central.fakebox import FakeBox, episode
from tests.central.moments import NOON, at

IGNORED = {"id", "incident_id", "updated", "camera_id", "complaint_opened"}


def an_episode(box: FakeBox, severities: list[int], closing: Closing | None) -> list[Message]:
    jam = episode()
    steps = [box.opened(jam, 0, severity=severities[0], confidence=0.4)]
    steps += [
        box.updated(jam, 30 * n, severity=severity, confidence=0.3 + n / 10, reason=f"step {n}")
        for n, severity in enumerate(severities[1:], start=1)
    ]
    if closing is not None:
        steps.append(box.closed(jam, 300, closing))
    return steps


def outcome(box: FakeBox, arrivals: list[Message], *, at_once: bool) -> list[dict[str, Any]]:
    """Everything that follows from the messages, in a database that forgets it afterwards."""
    with transaction.atomic():
        seed()
        enrol(box.id, box.public_key, NOON)
        batches = [arrivals] if at_once else [[message] for message in arrivals]
        for batch in batches:
            commit_events(batch, at(400))
            apply_pending(at(400) + 2 * GAP_PATIENCE)
        tick(at(500))
        rows: list[dict[str, Any]] = [*Incident.objects.values(), *Episode.objects.values()]
        found = [{name: value for name, value in row.items() if name not in IGNORED} for row in rows]
        found.append({"complaints": Complaint.objects.count()})
        transaction.set_rollback(True)
    return found


@pytest.mark.django_db
@given(
    severities=st.lists(st.integers(1, 4), min_size=1, max_size=4),
    closing=st.sampled_from([None, Closing.CLEARED, Closing.LOST]),
    at_once=st.booleans(),
    data=st.data(),
)
@settings(max_examples=20, deadline=None)
def test_any_permutation_and_duplication_ends_in_the_same_state(
    severities: list[int], closing: Closing | None, at_once: bool, data: st.DataObject
) -> None:
    box = FakeBox("pgk-01", epoch=new_epoch())
    steps = an_episode(box, severities, closing)
    shuffled = data.draw(st.permutations(steps + data.draw(st.lists(st.sampled_from(steps), max_size=4))))
    assert outcome(box, shuffled, at_once=at_once) == outcome(box, steps, at_once=True)
