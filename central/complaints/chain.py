"""History rows chained by hash: whoever changes the past of a complaint breaks its chain.

hash = sha256 of the row's canonical JSON (RFC 8785), which contains the hash of the row before.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import rfc8785

from central.accounts.roles import Actor
from central.complaints.models import Complaint, History

KEPT = ("steps", "text")
"""Fields of the complaint that a row changes."""


def append(
    complaint: Complaint,
    *,
    action: str,
    after: str,
    actor: Actor,
    now: datetime,
    note: str = "",
    data: dict[str, Any] | None = None,
) -> History:
    """Adds the next row and keeps KEPT of it on the complaint, which the caller holds locked and saves."""
    previous = ""
    if complaint.steps:
        previous = History.objects.values_list("hash", flat=True).get(complaint=complaint, step=complaint.steps)
    row = History(
        complaint=complaint,
        step=complaint.steps + 1,
        time=now,
        actor=actor.name,
        user=actor.user,
        action=action,
        before=complaint.state if complaint.steps else "",
        after=after,
        note=note,
        data=data or {},
        previous=previous,
    )
    row.hash = hash_of(row, complaint.number)
    row.save()
    complaint.steps = row.step
    if note:
        complaint.text = f"{complaint.text} {note}".strip()
    return row


def hash_of(row: History, number: str) -> str:
    """Of everything the row says."""
    said = {
        "complaint": number,
        "step": row.step,
        "time": row.time.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": row.actor,
        "user": row.user_id,
        "action": row.action,
        "before": row.before,
        "after": row.after,
        "note": row.note,
        "data": row.data,
        "previous": row.previous,
    }
    return sha256(rfc8785.dumps(said)).hexdigest()


def faults_of(complaint: Complaint) -> Iterator[str]:
    """What is wrong with the complaint's chain; nothing when it is whole."""
    previous, step, state = "", 0, ""
    for row in complaint.history.order_by("step"):
        step += 1
        if row.step != step:
            yield f"{complaint.number}: step {step} is missing"
            step = row.step
        if row.previous != previous:
            yield f"{complaint.number}: step {row.step} does not follow the one before it"
        if row.hash != hash_of(row, complaint.number):
            yield f"{complaint.number}: step {row.step} was changed after it was written"
        previous, state = row.hash, row.after
    if step != complaint.steps:
        yield f"{complaint.number}: {complaint.steps} steps were written, {step} are there"
    elif state != complaint.state:
        yield f"{complaint.number}: its state is {complaint.state}, its history ends in {state or 'nothing'}"
