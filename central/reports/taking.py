"""A citizen's report is taken: a repetition is counted, a known problem is joined, anything else is a new candidate.

Nothing here opens a complaint: a candidate that no camera sees counts when an operator confirms it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from central.clockwork.settling import settle
from central.complaints.numbers import new_tracking
from central.feed.models import Change, record
from central.incidents.anchors import Anchor, anchor_of, same_place
from central.incidents.joining import join_at
from central.incidents.locking import lock
from central.incidents.models import Incident, Policy
from central.incidents.policies import policy_of
from central.reports.models import Report

REPEATED_WITHIN = timedelta(hours=24)
REPEATED_WITHIN_M = 50.0
UNSEEN_SEVERITY = 1
"""Nobody has measured anything yet."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a citizen sent, checked. Position in degrees, both or neither; without one there is an address.

    `sender` tells senders apart: an e-mail address, a telephone, or the key of the system that speaks for all of its
    users.
    """

    kind: str
    channel: str
    sender: str
    description: str = ""
    address: str = ""
    lat: float | None = None
    lon: float | None = None
    contact: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)
    media_url: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """The report, and what it was: the same again, one more about a known problem, or news."""

    report: Report
    repeated: bool
    known: bool


@transaction.atomic
def take(sent: Sent, now: datetime) -> Taken:
    """Under the same locks as a box's episodes, so that a citizen and a camera do not both open an incident."""
    policy = policy_of(sent.kind)
    anchor = anchor_of_sent(sent, policy)
    lock([anchor], [f"sender:{sent.sender}"])
    before = same_again(sent, _recent_of(sent, now))
    if before is not None:
        before.times += 1
        before.last_received = now
        before.save(update_fields=["times", "last_received"])
        return Taken(before, repeated=True, known=True)
    incident = _known(anchor, policy, now)
    known = incident is not None
    if incident is None:
        incident = _candidate(sent, anchor, now)
        incident.save(force_insert=True)
    report = Report.objects.create(
        tracking=new_tracking(),
        incident=incident,
        first=not known,
        kind=sent.kind,
        description=sent.description,
        address=sent.address,
        lat=sent.lat,
        lon=sent.lon,
        channel=sent.channel,
        sender=sent.sender,
        contact=sent.contact,
        attributes=sent.attributes,
        media_url=sent.media_url,
        received=now,
        last_received=now,
    )
    record(Change.Topic.INCIDENT, incident.pk, "reported", now)
    return Taken(report, repeated=False, known=known)


def anchor_of_sent(sent: Sent, policy: Policy) -> Anchor:
    """The grid cell of its position; without one, its address, which only the same address joins."""
    has_position = sent.lat is not None and sent.lon is not None
    place = "" if has_position else sent.address[:120]
    # Where nothing joins by distance, the place itself is the key.
    if has_position and not policy.join_m:
        place = f"{sent.lat:.4f},{sent.lon:.4f}"
    return anchor_of(kind=sent.kind, camera="", zone="", place=place, lat=sent.lat, lon=sent.lon, reach_m=policy.join_m)


def same_again(sent: Sent, recent: Sequence[Report]) -> Report | None:
    """The newest of the sender's recent reports of this kind that was about the same spot."""
    here = Anchor(sent.kind, "", lat=sent.lat, lon=sent.lon)
    for report in recent:
        if report.lat is None or report.lon is None or here.lat is None:
            if report.lat == here.lat and same_place(report.address) == same_place(sent.address):
                return report
        elif here.distance_m(report.lat, report.lon) <= REPEATED_WITHIN_M:
            return report
    return None


def _recent_of(sent: Sent, now: datetime) -> list[Report]:
    recent = Report.objects.filter(sender=sent.sender, kind=sent.kind, received__gte=now - REPEATED_WITHIN)
    return list(recent.select_related("incident__merged_into").order_by("-received", "-pk"))


def _known(anchor: Anchor, policy: Policy, now: datetime) -> Incident | None:
    """The open incident it tells of. What is over stays over: a citizen's word alone brings nothing back."""
    found = join_at(anchor, now, now, lambda incident, until: settle(incident, until, policy, now))
    if found is None or found.state in Incident.OVER_STATES:
        return None
    return found


def _candidate(sent: Sent, anchor: Anchor, now: datetime) -> Incident:
    return Incident(
        kind=sent.kind,
        key=anchor.key,
        place="" if sent.lat is not None else sent.address[:120],
        lat=sent.lat,
        lon=sent.lon,
        severity=UNSEEN_SEVERITY,
        confidence=0.0,
        reason=sent.description[:500],
        began=now,
        updated=now,
    )
