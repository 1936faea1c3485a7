"""What each kind of message does, given a batch of them; the worker only brings them here and sends the acks."""

from collections.abc import Callable, Sequence
from datetime import datetime

from central.boxes.models import Box
from central.boxes.reports import note_camera, note_info, note_status
from central.evidence.arriving import BadEvidence, NoRoom, accept
from central.evidence.store import EvidenceStore
from central.intake.acknowledging import on_evidence, on_heartbeat
from central.intake.committing import AckDue, set_aside_unknown
from central.intake.quarantine import reason_of, set_aside
from central.intake.subscription import Message
from central.stills.answers import hear_still
from central.verification.answers import hear
from contract.commands import LookReply, Reply, read_reply
from contract.kinds import BoxState
from contract.reports import BoxInfo, BoxStatus, CameraStatus
from contract.topics import CameraTopic, EvidenceTopic, InfoTopic, ReplyTopic, StatusTopic, Topic, TopicError, parse

MAX_REPORT_BYTES = 768 * 1024
"""What a box says of itself names the settings of all its cameras: two to four KiB each, with a calibration."""


def handle_reports(messages: Sequence[Message], now: datetime) -> list[AckDue]:
    """Status, info and camera messages, and answers to commands."""
    due: list[AckDue] = []
    for topic, message in _from_enrolled(messages, now):
        try:
            if len(message.payload) > MAX_REPORT_BYTES:
                raise ValueError(f"{len(message.payload)} bytes; a report has at most {MAX_REPORT_BYTES}")
            ack = _note(topic, message, now)
        except ValueError as error:
            set_aside(topic.box, message.topic, message.payload, reason_of(error), now)
        else:
            due += [ack] if ack is not None else []
    return due


def handle_evidence(messages: Sequence[Message], now: datetime, store: EvidenceStore) -> list[AckDue]:
    """Stores what holds and says so; what can never hold is said to be had as well, or it would come for ever."""
    have: dict[str, list[str]] = {}
    for topic, message in _from_enrolled(messages, now):
        if not isinstance(topic, EvidenceTopic):
            set_aside(topic.box, message.topic, message.payload, "not an evidence topic", now)
            continue
        try:
            accept(topic.box, topic.sha256, message.payload, now, store)
        except (BadEvidence, NoRoom) as error:
            set_aside(topic.box, message.topic, message.payload, str(error), now)
            if not (isinstance(error, BadEvidence) and error.is_final):
                continue
        have.setdefault(topic.box, []).append(topic.sha256)
    due = (on_evidence(box, names) for box, names in have.items())
    return [ack for ack in due if ack is not None]


def _from_enrolled(messages: Sequence[Message], now: datetime) -> list[tuple[Topic, Message]]:
    heard: list[tuple[Topic, Message]] = []
    for message in messages:
        try:
            heard.append((parse(message.topic), message))
        except TopicError as error:
            set_aside("", message.topic, message.payload, str(error), now)
    enrolled = Box.objects.in_bulk({topic.box for topic, _ in heard})
    for topic, message in heard:
        if topic.box not in enrolled:
            set_aside_unknown(topic.box, message, now)
    return [(topic, message) for topic, message in heard if topic.box in enrolled]


def _note(topic: Topic, message: Message, now: datetime) -> AckDue | None:
    match topic:
        case StatusTopic():
            status = BoxStatus.from_bytes(message.payload)
            note_status(topic.box, status, now, retained=message.retained)
            return on_heartbeat(topic.box, status, now) if status.state is BoxState.ONLINE else None
        case InfoTopic():
            note_info(topic.box, BoxInfo.from_bytes(message.payload), now)
        case CameraTopic():
            note_camera(topic.box, topic.camera, CameraStatus.from_bytes(message.payload), now)
        case ReplyTopic():
            _hear(topic.box, read_reply(message.payload), now)
        case _:
            raise TopicError("not a report's topic")
    return None


def _hear(box: str, reply: Reply, now: datetime) -> None:
    if isinstance(reply, LookReply):
        hear(box, reply, now)
    else:
        hear_still(box, reply, now)


Handler = Callable[[Sequence[Message], datetime], list[AckDue]]
