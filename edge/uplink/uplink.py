"""The uplink: sends what the outbox holds, and what the box says of itself; hears the centre."""

import contextlib
import queue
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic

import structlog
from pydantic import ValidationError

from contract.acks import Ack
from contract.commands import Reply
from contract.desired import Refusal
from contract.kinds import BoxState
from contract.reports import BoxInfo, BoxStatus, CameraStatus
from contract.topics import (
    AckTopic,
    CameraTopic,
    CommandTopic,
    DesiredTopic,
    EventTopic,
    EvidenceTopic,
    InfoTopic,
    ReplyTopic,
    StatusTopic,
)
from edge.outbox import Outbox
from edge.uplink.event_sender import EventSender, Pace
from edge.uplink.evidence_sender import EvidencePace, EvidenceSender
from edge.uplink.notices import Notices
from edge.uplink.paho import PahoTransport
from edge.uplink.settings import UplinkSettings
from edge.uplink.transport import Message, Session, Transport

_SILENT_BROKER_S = 180.0
"""So long without a PUBACK while some are due, and the connection is taken for dead: a piece of evidence over the
slowest useful link (64 kbit/s) takes 100 s."""
_FAREWELL_S = 2.0
"""How long the broker may take to hear that the box leaves."""

_REPLIES_KEPT = 64
"""While there is no connection."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class UplinkHealth:
    """For logs and metrics. `reason` says why it is not connected; `since` is of the last change."""

    connected: bool
    since: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class InForce:
    """Which configuration the box runs, as its heartbeat says it.

    Attributes:
        version: names what was decided, whoever did.
        desired: the centre's number, where it decided anything.
        refused: the last version that came, where it was not taken.
    """

    version: str = ""
    desired: int | None = None
    refused: Refusal | None = None


def session_of(box: str) -> Session:
    """A box's session: named by its id, offline as its last will, hearing its own topics and no others."""
    heard = (AckTopic(box).path, DesiredTopic(box).path, CommandTopic(box).path)
    return Session(client_id=box, will=_offline(box), subscriptions=heard)


def mqtt_transport(settings: UplinkSettings, box: str) -> PahoTransport:
    """The connection of a box over MQTT."""
    return PahoTransport(settings, session_of(box))


def _now() -> datetime:
    return datetime.now(UTC)


class Uplink:
    """One thread. Everything that happens elsewhere reaches it as a note in its inbox, so nothing here needs a lock."""

    def __init__(
        self,
        transport: Transport,
        *,
        box: str,
        outbox: Outbox,
        info: BoxInfo,
        config: InForce | None = None,
        interval_s: float = 10.0,
        pace: Pace | None = None,
        evidence_pace: EvidencePace | None = None,
        on_desired: Callable[[bytes], None] | None = None,
        on_command: Callable[[bytes], None] | None = None,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        """Nothing is sent until `start`.

        Args:
            transport: `mqtt_transport(settings, box)`.
            info: what the box is made of; published on each connect.
            config: which configuration is in force, for the heartbeat.
            interval_s: between heartbeats.
            on_desired, on_command: called on the uplink's thread with the payload; must return soon.
            clock: the box's wall clock.
        """
        self._box = box
        self._outbox = outbox
        self._transport = transport
        self._config = config or InForce()
        self._interval_s = interval_s
        self._handlers = {
            AckTopic(box).path: self._take_ack,
            DesiredTopic(box).path: on_desired,
            CommandTopic(box).path: on_command,
        }
        self._clock = clock
        self._events = EventSender(pace or Pace())
        self._evidence = EvidenceSender(evidence_pace or EvidencePace())
        self._notices = Notices()
        self._notices.put(_info_message(box, info))
        self._replies: deque[Message] = deque(maxlen=_REPLIES_KEPT)
        self._inbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="uplink", daemon=True)
        self._leaving = False
        self._done = False
        self._epoch = outbox.epoch
        self._acks: list[Ack] = []
        self._under_way: dict[int, Callable[[], None]] = {}
        self._heard_broker_at = 0.0
        self._heartbeat_at = 0.0
        self._health = UplinkHealth(connected=False, since=clock(), reason="not connected yet")

    # ---- for the rest of the box, on any thread

    def start(self) -> None:
        """Begins to connect and to send."""
        self._outbox.watch(lambda: self._inbox.put(_nothing))
        self._thread.start()
        self._transport.start(_Notes(self._inbox, self))

    def stop(self) -> None:
        """Says that the box goes offline, if there is a connection, and ends. What waits stays in the outbox."""
        self._inbox.put(self._leave)
        if self._thread.ident is not None:
            self._thread.join(_FAREWELL_S + 3.0)
        self._transport.stop()

    def publish_camera(self, camera: str, status: CameraStatus) -> None:
        """Says how a camera is; again on each connect."""
        message = Message(CameraTopic(self._box, camera).path, status.to_bytes(), retain=True)
        self._inbox.put(lambda: self._notices.put(message))

    def publish_info(self, info: BoxInfo) -> None:
        """Says what the box is made of, after a change."""
        message = _info_message(self._box, info)
        self._inbox.put(lambda: self._notices.put(message))

    def reply(self, reply: Reply) -> None:
        """Answers a command. An answer that is lost on the way is given again when the centre asks again."""
        message = Message(ReplyTopic(self._box).path, reply.to_bytes())
        self._inbox.put(lambda: self._replies.append(message))

    def use_config(self, config: InForce) -> None:
        """Names another configuration in the heartbeats from now on; the next one is at once."""
        self._inbox.put(lambda: self._set_config(config))

    @property
    def health(self) -> UplinkHealth:
        """Whether there is a connection, and if not, why."""
        return self._health

    # ---- on the uplink's own thread

    def _run(self) -> None:
        while not self._done:
            try:
                self._take_notes()
                self._apply_acks()
                if self._health.connected and not self._leaving:
                    self._send(monotonic())
            except Exception:  # the disk may be full or failing; a box that fell silent for ever would be worse
                _log.exception("the uplink failed; it connects again and goes on")
                self._transport.drop("the uplink failed")

    def _take_notes(self) -> None:
        """Waits for a note or the next moment something is due, then takes every note there is."""
        timeout_s = self._wait_s(monotonic())
        with contextlib.suppress(queue.Empty):
            self._inbox.get(timeout=timeout_s)()
            while True:
                self._inbox.get_nowait()()

    def _wait_s(self, now: float) -> float | None:
        if not self._health.connected:
            return None
        moments = [self._heartbeat_at, self._events.wake_at, self._evidence.wake_at]
        if self._under_way:
            moments.append(self._heard_broker_at + _SILENT_BROKER_S)
        return max(0.0, min(moment for moment in moments if moment is not None) - now)

    def _send(self, now: float) -> None:
        if self._under_way and now > self._heard_broker_at + _SILENT_BROKER_S:
            self._transport.drop(f"the broker has taken nothing for {_SILENT_BROKER_S:.0f} s")
            return
        if now >= self._heartbeat_at:
            self._heartbeat_at = now + self._interval_s
            self._notices.put(self._heartbeat())
        while self._replies:
            self._publish(self._replies.popleft(), _nothing, now)
        for message in self._notices.due():
            self._publish(message, self._notices.passed_on, now)
        self._send_events(now)
        for sha256 in self._evidence.due(self._outbox.evidence_to_send, now):
            self._send_evidence(sha256, now)

    def _send_events(self, now: float) -> None:
        seqs = self._events.due(self._outbox.last_seq, now)
        if not seqs:
            return
        self._outbox.mark_sent(seqs[-1])
        for event in self._outbox.pending(seqs[0] - 1, len(seqs)):
            topic = EventTopic(self._box, self._epoch, event.seq)
            self._publish(Message(topic.path, event.body), self._events.passed_on, now)

    def _send_evidence(self, sha256: str, now: float) -> None:
        content = self._outbox.read_evidence(sha256)
        if content is None:
            self._evidence.passed_on()
            self._evidence.finished((sha256,))
        else:
            self._publish(Message(EvidenceTopic(self._box, sha256).path, content), self._evidence.passed_on, now)

    def _publish(self, message: Message, passed_on: Callable[[], None], now: float) -> None:
        token = self._transport.publish(message)
        if token is not None:  # otherwise the note that the connection is gone is in the inbox already
            if not self._under_way:
                self._heard_broker_at = now
            self._under_way[token] = passed_on

    def _heartbeat(self) -> Message:
        now = self._clock()
        outbox = self._outbox.status(now)
        status = BoxStatus(
            state=BoxState.ONLINE,
            boxtime=now,
            interval_s=self._interval_s,
            epoch=outbox.epoch,
            last_seq=outbox.last_seq,
            acked_seq=outbox.acked_seq,
            outbox_age_s=outbox.age_s,
            config=self._config.version,
            desired=self._config.desired,
            refused=self._config.refused,
        )
        return Message(StatusTopic(self._box).path, status.to_bytes(), retain=True)

    def _set_config(self, config: InForce) -> None:
        self._config = config
        self._heartbeat_at = 0.0

    def _leave(self) -> None:
        self._leaving = True
        token = self._transport.publish(_offline(self._box)) if self._health.connected else None
        if token is None:
            self._done = True
            return
        self._under_way[token] = self._end
        cut = threading.Timer(_FAREWELL_S, lambda: self._inbox.put(self._end))
        cut.daemon = True
        cut.start()

    def _end(self) -> None:
        self._done = True

    # ---- notes from the transport

    def _connected(self) -> None:
        now = monotonic()
        self._health = UplinkHealth(connected=True, since=self._clock(), reason="")
        self._under_way.clear()
        self._epoch = self._outbox.epoch
        self._heartbeat_at = now
        self._notices.connected()
        self._events.connected(self._outbox.acked_seq)
        self._evidence.connected(now)
        _log.info("uplink connected", waiting=self._outbox.last_seq - self._outbox.acked_seq)

    def _disconnected(self, reason: str) -> None:
        if self._health.connected or reason != self._health.reason:
            _log.warning("uplink not connected; events wait in the outbox", reason=reason)
            self._health = UplinkHealth(connected=False, since=self._clock(), reason=reason)
        self._events.disconnected()
        self._under_way.clear()
        if self._leaving:
            self._done = True

    def _passed_on(self, token: int) -> None:
        passed_on = self._under_way.pop(token, None)
        if passed_on is not None:
            self._heard_broker_at = monotonic()
            passed_on()

    def _received(self, topic: str, payload: bytes) -> None:
        handler = self._handlers.get(topic)
        if handler is None:
            _log.warning("message passed over: this version has no use for it", topic=topic, size=len(payload))
        else:
            handler(payload)

    def _take_ack(self, payload: bytes) -> None:
        try:
            ack = Ack.from_bytes(payload)
        except ValidationError as error:
            _log.error("ack passed over: it cannot be read", reason=str(error))
            return
        self._acks.append(ack)

    def _apply_acks(self) -> None:
        """All that came together count as one: the highest seq, and everything they name."""
        acks = [ack for ack in self._acks if ack.epoch == self._epoch]
        self._acks.clear()
        if not acks:
            return
        have = tuple(dict.fromkeys(sha256 for ack in acks for sha256 in ack.have))
        self._outbox.acknowledge(Ack(epoch=self._epoch, seq=max(ack.seq for ack in acks), have=have))
        self._evidence.finished(have)
        if self._outbox.epoch == self._epoch:
            self._events.acknowledged(self._outbox.acked_seq, monotonic())
        else:
            self._epoch = self._outbox.epoch
            self._events.connected(self._outbox.acked_seq)


class _Notes:
    """The transport's listener: takes notes for the uplink's thread."""

    def __init__(self, inbox: "queue.SimpleQueue[Callable[[], None]]", uplink: Uplink) -> None:
        self._inbox = inbox
        self._uplink = uplink

    def connected(self) -> None:
        self._inbox.put(self._uplink._connected)

    def disconnected(self, reason: str) -> None:
        self._inbox.put(lambda: self._uplink._disconnected(reason))

    def passed_on(self, token: int) -> None:
        self._inbox.put(lambda: self._uplink._passed_on(token))

    def received(self, topic: str, payload: bytes) -> None:
        self._inbox.put(lambda: self._uplink._received(topic, payload))


def _offline(box: str) -> Message:
    return Message(StatusTopic(box).path, BoxStatus(state=BoxState.OFFLINE).to_bytes(), retain=True)


def _info_message(box: str, info: BoxInfo) -> Message:
    return Message(InfoTopic(box).path, info.to_bytes(), retain=True)


def _nothing() -> None:
    """Enough that the thread looks."""
