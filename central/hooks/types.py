"""Types of events, and what in the change feed is one."""

from collections.abc import Iterable
from fnmatch import fnmatchcase

from central.complaints.models import Complaint
from central.complaints.transitions import TRANSITIONS
from central.feed.models import Change
from central.incidents.models import Incident

PING = "ping"
COMPLAINT_TYPES = ("complaint.opened", "complaint.changed", "complaint.closed")
INCIDENT_TYPES = tuple(f"incident.{state.value}" for state in Incident.State if state is not Incident.State.CANDIDATE)
"""By the state it came into; what is only a candidate has not happened yet."""
ALL_TYPES = COMPLAINT_TYPES + INCIDENT_TYPES
PATTERNS = ("*", "complaint.*", "incident.*", *ALL_TYPES)
"""What can be subscribed to."""

_SILENT = ("reminded", "updated", "reported", "acknowledged")
_CLOSING = frozenset(
    action for action, transition in TRANSITIONS.items() if transition.target in Complaint.ENDED_STATES
)


def type_of(topic: str, what: str) -> str | None:
    """The event's type; None for what is none."""
    if what in _SILENT:
        return None
    if topic == Change.Topic.COMPLAINT:
        if what == "opened":
            return "complaint.opened"
        return "complaint.closed" if what in _CLOSING else "complaint.changed"
    found = f"incident.{what}"
    return found if topic == Change.Topic.INCIDENT and found in INCIDENT_TYPES else None


def matches(patterns: Iterable[str], event_type: str) -> bool:
    """Whether somebody subscribed to it. A ping comes when it is asked for."""
    return any(fnmatchcase(event_type, pattern) for pattern in patterns)


def names_incidents(patterns: Iterable[str]) -> bool:
    """Whether events about incidents could come of it."""
    return any(matches(patterns, each) for each in INCIDENT_TYPES)
