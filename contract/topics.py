"""The topic tree. A topic is a value: it writes itself with `path` and is read back by `parse`."""

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from contract.ids import NAME_RULE, is_name

ROOT = "sigap/v1"
_HEX = frozenset("0123456789abcdef")


class TopicError(ValueError):
    """Not one of our topics, or a name in it that is not allowed."""


@runtime_checkable
class Topic(Protocol):
    """Every topic belongs to one box."""

    @property
    def box(self) -> str:
        """The box's id."""
        ...

    @property
    def path(self) -> str:
        """The topic as brokers know it."""
        ...


@dataclass(frozen=True, slots=True)
class _BoxTopic:
    box: str

    def __post_init__(self) -> None:
        _check_name("box", self.box)

    @property
    def path(self) -> str:
        return f"{ROOT}/{self.box}/{self._leaf()}"

    def _leaf(self) -> str:
        return type(self).__name__.removesuffix("Topic").lower()


@dataclass(frozen=True, slots=True)
class StatusTopic(_BoxTopic):
    """Retained; last will and heartbeat: reports.BoxStatus."""


@dataclass(frozen=True, slots=True)
class InfoTopic(_BoxTopic):
    """Retained: reports.BoxInfo."""


@dataclass(frozen=True, slots=True)
class TelemetryTopic(_BoxTopic):
    """QoS 0 metrics."""


@dataclass(frozen=True, slots=True)
class AckTopic(_BoxTopic):
    """Centre to box: acks.Ack."""


@dataclass(frozen=True, slots=True)
class DesiredTopic(_BoxTopic):
    """Centre to box: desired.Desired. QoS 1, not retained: sent on a change, and again until the box says it has it."""


@dataclass(frozen=True, slots=True)
class CommandTopic(_BoxTopic):
    """Centre to box: commands.Command. QoS 1, not retained: it is said again until it is answered."""


@dataclass(frozen=True, slots=True)
class ReplyTopic(_BoxTopic):
    """Box to centre: commands.Reply, the answer to a command."""


@dataclass(frozen=True, slots=True)
class CameraTopic(_BoxTopic):
    """Retained: reports.CameraStatus."""

    camera: str

    def __post_init__(self) -> None:
        _check_name("box", self.box)
        _check_name("camera", self.camera)

    def _leaf(self) -> str:
        return f"camera/{self.camera}"


@dataclass(frozen=True, slots=True)
class EventTopic(_BoxTopic):
    """QoS 1: events.EpisodeEvent or events.Skipped. The seq stands here, so that an unreadable body still counts."""

    epoch: str
    seq: int

    def __post_init__(self) -> None:
        _check_name("box", self.box)
        if len(self.epoch) != 16 or not _HEX.issuperset(self.epoch):
            raise TopicError(f"epoch {self.epoch!r}: expected 16 hexadecimal digits")
        if not 1 <= self.seq < 2**53:
            raise TopicError(f"seq {self.seq}: expected 1 to 2^53 - 1")

    def _leaf(self) -> str:
        return f"event/{self.epoch}/{self.seq}"


@dataclass(frozen=True, slots=True)
class EvidenceTopic(_BoxTopic):
    """QoS 1: the bytes themselves."""

    sha256: str

    def __post_init__(self) -> None:
        _check_name("box", self.box)
        if len(self.sha256) != 64 or not _HEX.issuperset(self.sha256):
            raise TopicError(f"evidence {self.sha256!r}: expected the 64 hexadecimal digits of a sha256")

    def _leaf(self) -> str:
        return f"evidence/{self.sha256}"


def _check_name(what: str, name: str) -> None:
    if not is_name(name):
        raise TopicError(f"{what} {name!r}: a name has {NAME_RULE}")


_SIMPLE: dict[str, type[_BoxTopic]] = {
    "status": StatusTopic,
    "info": InfoTopic,
    "telemetry": TelemetryTopic,
    "ack": AckTopic,
    "desired": DesiredTopic,
    "command": CommandTopic,
    "reply": ReplyTopic,
}


def parse(path: str) -> Topic:
    """Reads a topic.

    Raises:
        TopicError: not a topic of ours.
    """
    match path.removeprefix(f"{ROOT}/").split("/") if path.startswith(f"{ROOT}/") else []:
        case [box, leaf] if leaf in _SIMPLE:
            return _SIMPLE[leaf](box)
        case [box, "camera", camera]:
            return CameraTopic(box, camera)
        case [box, "evidence", sha256]:
            return EvidenceTopic(box, sha256)
        case [box, "event", epoch, seq] if seq.isascii() and seq.isdigit() and not seq.startswith("0"):
            return EventTopic(box, epoch, int(seq))
        case _:
            raise TopicError(f"topic {path[:200]!r} is none of {ROOT}/BOX/…")


def every_box(leaf: str) -> str:
    """The filter for one kind of topic of all boxes, for example every_box("event/+/+")."""
    return f"{ROOT}/+/{leaf}"
