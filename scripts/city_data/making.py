"""One piece of the city: complaints with everything that hangs on them, as rows. Nothing here asks the database."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from central.clock.clock import due
from central.complaints import deadlines
from central.complaints.lookups import text_of
from central.complaints.models import Complaint, History
from central.complaints.numbers import ALPHABET, PREFIX, TRACKING_LENGTH
from central.incidents.kinds import Kind
from central.service.models import ServicePolicy
from scripts.city_data import lives, streets
from scripts.city_data.histories import SYSTEM, Happening, chained
from scripts.city_data.people import Staff
from scripts.city_data.plan import PER_COMPLAINT, Plan

Row = dict[str, Any]
Rows = dict[str, list[Row]]
"""Name of a table (see `loading.TABLES`) → its rows, by the fields' attribute names."""

KINDS = {Kind.JAM: 45, Kind.VENDING: 20, Kind.PARKING: 20, Kind.FLOOD: 10, Kind.CAMERA_FAULT: 5}
MOST_NOTES = 3
ENDED_INCIDENT = {"rejected": "rejected"}
SEEN_SHARE = 0.8
"""Of the open incidents, so many were looked at by an operator."""


@dataclass(frozen=True)
class City:
    """What pieces are made of."""

    plan: Plan
    staff: Staff
    streets: Sequence[streets.Street]
    cameras: Sequence[tuple[int, str]]
    """Of each street: primary key and box."""
    routes: Mapping[str, tuple[str, tuple[str, ...], Row]]
    """Kind → agency, also informed, trace."""
    services: Mapping[str, ServicePolicy]


@dataclass(frozen=True, slots=True)
class Subject:
    """What one complaint is about, before anything happens."""

    index: int
    opened: datetime
    kind: str
    street: int
    direction: str
    lat: float
    lon: float
    severity: int
    is_open: bool


def piece(city: City, batch: int) -> Rows:
    """All rows of one batch."""
    rng = Random(f"{city.plan.seed}:{batch}")  # noqa: S311 — a city on paper keeps no secrets
    made: Rows = {
        name: [] for name in ("incident", "episode", "exhibit", "blob", "decision", "complaint", "informed", "history")
    }
    last_of: dict[str, Complaint] = {}
    for turn, index in enumerate(city.plan.indexes(batch)):
        subject = _subject(city, rng, index)
        owed = PER_COMPLAINT * (turn + 1) - len(made["history"])
        complaint, history = _complaint(city, rng, subject, owed, last_of)
        made["complaint"].append(_plain(complaint))
        made["history"] += [_plain(row) for row in history]
        made["informed"] += _informed(city, complaint)
        _incident(city, rng, subject, complaint, made)
    first = (PER_COMPLAINT + 1) * city.plan.batch * batch  # the last one may have a row too many
    for turn, row in enumerate(made["history"], start=1):
        row["id"] = first + turn
    return made


def _subject(city: City, rng: Random, index: int) -> Subject:
    street = streets.busy(list(city.streets), rng)
    lat, lon = city.streets[street].somewhere(rng)
    return Subject(
        index=index,
        opened=city.plan.opened(index),
        kind=rng.choices(list(KINDS), list(KINDS.values()))[0],
        street=street,
        direction=rng.choice(streets.DIRECTIONS),
        lat=lat,
        lon=lon,
        severity=rng.choices((1, 2, 3, 4), (40, 35, 20, 5))[0],
        is_open=city.plan.is_open(index),
    )


def _complaint(
    city: City, rng: Random, subject: Subject, owed: int, last_of: dict[str, Complaint]
) -> tuple[Complaint, list[History]]:
    agency, _also, trace = city.routes[subject.kind]
    year, number = city.plan.number(subject.index)
    complaint = Complaint(
        pk=subject.index + 1,
        number=f"{PREFIX}-{year}-{number:06d}",
        tracking="".join(rng.choices(ALPHABET, k=TRACKING_LENGTH)),
        incident_id=subject.index + 1,
        agency_id=agency,
        kind=subject.kind,
        opened=subject.opened,
        severity=subject.severity,
        place="" if subject.kind == Kind.CAMERA_FAULT else f"{city.streets[subject.street].slug}:{subject.direction}",
        lat=subject.lat,
        lon=subject.lon,
        decision=trace,
        service=city.services[subject.kind],
    )
    history = chained(complaint, _happenings(city, rng, subject, complaint, owed))
    last = history[-1]
    moved = [row for row in history if row.before != row.after]
    complaint.text = text_of(complaint.place, [row.note for row in history if row.note])
    complaint.steps, complaint.state, complaint.state_since = len(history), last.after, moved[-1].time
    if not subject.is_open:
        complaint.ended = last.time
    if complaint.state == Complaint.State.MERGED:
        twin = last_of.get(agency)
        complaint.merged_into_id = None if twin is None else twin.pk
    else:
        last_of[agency] = complaint
    _reckon(city, complaint, history)
    return complaint, history


def _reckon(city: City, complaint: Complaint, history: list[History]) -> None:
    """Deadlines as the product reckons them; of an ended complaint nothing is due next."""
    story = deadlines.Story(complaint, history)
    if complaint.ended is None:
        deadlines.settle(complaint, story, city.plan.until)
        return
    found = due(story.entries, story.policies)
    complaint.first_response_due, complaint.first_response_stopped = _both(found.first_response)
    complaint.completion_due, complaint.completion_stopped = _both(found.completion)


def _both(deadline: Any) -> tuple[datetime, datetime | None]:
    return deadline.due, deadline.stopped


def _happenings(city: City, rng: Random, subject: Subject, complaint: Complaint, owed: int) -> Iterator[Happening]:
    life = lives.choose(rng, lives.OPEN if subject.is_open else lives.ENDED)
    notes = min(max(owed - 1 - len(life.steps), 0), MOST_NOTES) if life.may_have_notes else 0
    steps = lives.with_notes(rng, life, notes, ends=not subject.is_open)
    whole = lives.lasting(rng, life, city.plan.until - subject.opened)
    opening = {
        "agency": complaint.agency_id,
        "kind": subject.kind,
        "service": str(complaint.service),
        "severity": subject.severity,
        "reason": _reason(rng, subject),
        "measures": {"duration_s": rng.randint(120, 900)},
    }
    yield Happening(lives.OPENING, subject.opened, SYSTEM, data=opening)
    worker = rng.choice(city.staff.officers[complaint.agency_id])
    people = {"system": SYSTEM, "officer": worker, "operator": rng.choice(city.staff.operators)}
    for step, since in zip(steps, lives.moments(rng, len(steps), whole), strict=True):
        yield Happening(step, subject.opened + since, people[step.by], rng.choice(step.notes) if step.notes else "")


def _informed(city: City, complaint: Complaint) -> list[Row]:
    also = city.routes[complaint.kind][1]
    return [
        {"id": 3 * complaint.pk + turn, "complaint_id": complaint.pk, "agency_id": agency}
        for turn, agency in enumerate(also)
    ]


def _incident(city: City, rng: Random, subject: Subject, complaint: Complaint, made: Rows) -> None:
    camera, box = city.cameras[subject.street]
    began = subject.opened - timedelta(minutes=rng.uniform(2, 10))
    reason = _reason(rng, subject)
    over = complaint.ended
    state = ENDED_INCIDENT.get(complaint.state, "closed") if over else _open_state(rng)
    episode = UUID(int=rng.getrandbits(128), version=4)
    seen = {
        "kind": subject.kind,
        "camera_id": camera,
        "zone": subject.direction,
        "place": complaint.place,
        "lat": subject.lat,
        "lon": subject.lon,
        "severity": subject.severity,
        "confidence": round(rng.uniform(0.5, 0.99), 2),
        "reason": reason,
        "measures": {"duration_s": 300},
        "began": began,
    }
    made["incident"].append(
        seen
        | {
            "id": complaint.pk,
            "key": f"{subject.kind}@{complaint.place or camera}#{complaint.pk}",
            "state": state,
            "active_since": began,
            "complaint_opened": subject.opened,
            "clearing_since": over or (city.plan.until if state == "clearing" else None),
            "hold_until": city.plan.until + timedelta(minutes=10) if state == "clearing" else None,
            "blind_since": city.plan.until if state == "unknown" else None,
            "cleared": over,
            "closed": over,
            "updated": over or subject.opened,
        }
    )
    made["episode"].append(
        seen
        | {
            "id": episode,
            "incident_id": complaint.pk,
            "box_id": box,
            "epoch": "0" * 16,
            "last_seq": subject.index,
            "phase": "closed" if over else "confirmed",
            "closing": "cleared" if over else "",
            "seen": over or subject.opened,
            "qualified": began,
            "worst_severity": subject.severity,
        }
    )
    _evidence(rng, subject, episode, (camera, box), made)
    if subject.is_open and rng.random() < SEEN_SHARE:
        user, name = rng.choice(city.staff.operators)
        made["decision"].append(
            {
                "id": complaint.pk,
                "incident_id": complaint.pk,
                "time": subject.opened + (city.plan.until - subject.opened) * rng.random(),
                "actor": name,
                "user_id": user,
                "action": "acknowledge",
            }
        )


def _evidence(rng: Random, subject: Subject, episode: UUID, seen_by: tuple[int, str], made: Rows) -> None:
    sha256 = f"{rng.getrandbits(256):064x}"
    camera, box = seen_by
    made["exhibit"].append(
        {
            "id": subject.index + 1,
            "episode_id": episode,
            "sha256": sha256,
            "role": "opened",
            "media_type": "image/jpeg",
            "size": 60_000,
            "camera_id": camera,
            "time": subject.opened,
            "manifest": {"sha256": sha256, "bytes": 60_000},
            "signature": "A" * 86,
        }
    )
    made["blob"].append(
        {
            "sha256": sha256,
            "size": 60_000,
            "media_type": "image/jpeg",
            "box_id": box,
            "arrived": subject.opened,
            "claimed": subject.opened,
        }
    )


def _open_state(rng: Random) -> str:
    return rng.choices(("active", "clearing", "unknown"), (88, 6, 6))[0]


def _reason(rng: Random, subject: Subject) -> str:
    if subject.kind == Kind.JAM:
        return f"Mean speed {rng.uniform(2, 10):.1f} km/h over 12 s, {rng.randint(25, 80)} % of the zone occupied"
    if subject.kind == Kind.FLOOD:
        return f"{rng.randint(30, 95)} % of the roadway under water for {rng.randint(3, 30)} min"
    return f"Still there after {rng.randint(3, 60)} min"


def _plain(row: Complaint | History) -> Row:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
