"""The closed lists of the wire."""

from enum import IntEnum, StrEnum


class IncidentKind(StrEnum):
    """What can be wrong."""

    JAM = "jam"
    FLOOD = "flood"
    VENDING = "vending"
    PARKING = "parking"
    CAMERA_FAULT = "camera_fault"


class ZoneKind(StrEnum):
    """What a polygon in a camera's view stands for."""

    ROADWAY = "roadway"
    NO_VENDING = "no_vending"
    NO_PARKING = "no_parking"
    WATER_GAUGE = "water_gauge"
    IGNORE = "ignore"


class Purpose(StrEnum):
    """What public CCTV may serve (UU 27/2022, art. 17); a kind whose purpose a camera does not list is refused."""

    TRAFFIC = "traffic"
    DISASTER = "disaster"
    SECURITY = "security"
    MAINTENANCE = "maintenance"


PURPOSE_OF: dict[IncidentKind, Purpose] = {
    IncidentKind.JAM: Purpose.TRAFFIC,
    IncidentKind.PARKING: Purpose.TRAFFIC,
    IncidentKind.FLOOD: Purpose.DISASTER,
    IncidentKind.VENDING: Purpose.SECURITY,
    IncidentKind.CAMERA_FAULT: Purpose.MAINTENANCE,
}


class CameraFault(StrEnum):
    """What can be wrong with a camera's picture or stream."""

    DARK = "dark"
    FROZEN = "frozen"
    DEFOCUSED = "defocused"
    COVERED = "covered"
    MOVED = "moved"
    OFFLINE = "offline"


class CameraState(StrEnum):
    """What the box says of a camera's stream."""

    STREAMING = "streaming"
    STALLED = "stalled"
    FAULTY = "faulty"
    DISABLED = "disabled"


class BoxState(StrEnum):
    """`offline` is the last will."""

    ONLINE = "online"
    OFFLINE = "offline"


class Phase(StrEnum):
    """Where an episode stands: confirmed, fading (its hold is running), or over."""

    CONFIRMED = "confirmed"
    CLEARING = "clearing"
    CLOSED = "closed"


class Closing(StrEnum):
    """Why an episode closed: the camera saw that the problem is gone, or the box can no longer tell (restart)."""

    CLEARED = "cleared"
    LOST = "lost"


class Sight(StrEnum):
    """What a camera answers when it is asked whether a problem is still there."""

    PRESENT = "present"
    GONE = "gone"
    UNKNOWN = "unknown"


class Severity(IntEnum):
    """From a nuisance to a danger."""

    LOW = 1
    MODERATE = 2
    HIGH = 3
    SEVERE = 4


class EvidenceRole(StrEnum):
    """The moment of the episode that a piece of evidence shows."""

    OPENED = "opened"
    WORST = "worst"
    CLOSED = "closed"
    ASKED = "asked"
