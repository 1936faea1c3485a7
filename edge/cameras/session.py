"""One camera's session: a thread that keeps its ring filled and its status true."""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from edge.cameras.backoff import Backoff
from edge.cameras.decode import Decoded, glance, stare
from edge.cameras.faults import CameraError, Fault
from edge.cameras.ring import PacketRing
from edge.cameras.states import CameraState, CameraStatus
from edge.cameras.stream import PacketStream
from edge.cameras.urls import redact

log = structlog.get_logger(__name__)

OnStatus = Callable[[str, CameraStatus], None]


@dataclass(frozen=True, slots=True)
class Patience:
    """When a session gives up on a stream that looks alive.

    Attributes:
        keyframe_s: no keyframe for so long: nothing can be decoded.
        bad_looks: so many looks in a row, each at another keyframe, without a single picture.
        settled_s: streaming for so long makes earlier failures forgotten.
    """

    keyframe_s: float = 60.0
    bad_looks: int = 3
    settled_s: float = 10.0


@dataclass(slots=True)
class Counters:
    """What went through a session since the box started."""

    packets: int = 0
    bytes: int = 0
    connects: int = 0
    faults: int = 0


class CameraSession:
    """Connects, fills the ring, reconnects: until stopped. What happens to it stays with this camera.

    Args:
        ring: its `camera` names the session.
        open_stream: makes a fresh stream for each attempt (not opened yet).
        on_status: called from the session's thread at every change of state, and by `stop`.
        enabled: false leaves the camera `disabled` and `start` without effect.
        clock: time of day in seconds since the Unix epoch.
        wait: sleeps so many seconds, returns true when the session shall end; None waits on `stop`.
        draw: uniform in 0 … 1, for the jitter.
    """

    def __init__(
        self,
        ring: PacketRing,
        open_stream: Callable[[], PacketStream],
        *,
        on_status: OnStatus | None = None,
        enabled: bool = True,
        backoff: Backoff | None = None,
        patience: Patience | None = None,
        clock: Callable[[], float] = time.time,
        wait: Callable[[float], bool] | None = None,
        draw: Callable[[], float] = random.random,
    ) -> None:
        self.ring = ring
        self.counters = Counters()
        self._open_stream = open_stream
        self._on_status = on_status
        self._backoff = backoff or Backoff()
        self._patience = patience or Patience()
        self._clock = clock
        self._stopping = threading.Event()
        self._wait = wait or self._stopping.wait
        self._draw = draw
        self._lock = threading.Lock()
        self._status = CameraStatus.initial(clock(), enabled=enabled)
        self._thread: threading.Thread | None = None
        self._failures = 0
        self._bad_looks = 0
        self._bad_keyframe = 0
        self._garbage: str | None = None

    @property
    def camera(self) -> str:
        """The camera's id."""
        return self.ring.camera

    @property
    def status(self) -> CameraStatus:
        """At this moment."""
        with self._lock:
            return self._status

    def start(self) -> None:
        """Begin in a thread of its own; without effect when disabled or started before."""
        if self._thread is None and self.status.state is not CameraState.DISABLED:
            self._thread = threading.Thread(target=self.run, name=f"camera-{self.camera}", daemon=True)
            self._thread.start()

    def stop(self, timeout_s: float = 2.0) -> bool:
        """End the session; true when its thread has ended.

        libav cannot be interrupted while it waits for a silent camera: then this returns false after `timeout_s`, and
        the thread (a daemon that touches nothing any more) ends by itself at libav's own time limit.
        """
        self._stopping.set()
        thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(timeout_s)
        if self.status.state is not CameraState.DISABLED:
            self._become(CameraState.DISABLED, "the box stopped watching this camera", final=True)
        return thread is None or not thread.is_alive()

    def glance(self, max_age_s: float | None = None) -> Decoded:
        """`edge.cameras.decode.glance`, remembering whether the stream can be decoded at all."""
        return self._judge(glance(self.ring, max_age_s))

    def stare(self, seconds: float, fps: float) -> Decoded:
        """`edge.cameras.decode.stare`, likewise."""
        return self._judge(stare(self.ring, seconds, fps))

    def run(self) -> None:
        """The session's life; `start` runs it in a thread, tests may call it directly."""
        while not self._stopping.is_set():
            try:
                self._stream_until_it_ends()
            except CameraError as error:
                self._fail(error.fault, str(error))
            except Exception as error:  # a defect of ours must not end the camera, and shall be seen
                log.exception("camera session failed", camera=self.camera)
                self._fail(Fault.INTERNAL, str(CameraError(Fault.INTERNAL, self.camera, redact(repr(error)))))
            if self._stopping.is_set() or self._wait(self._backoff.delay_s(self._failures, self._draw())):
                return
            self._become(CameraState.CONNECTING, f"connecting again after: {self.status.reason}")

    def _stream_until_it_ends(self) -> None:
        stream = self._open_stream()
        try:
            stream_format = stream.open()
            self.ring.begin(stream_format)
            self.counters.connects += 1
            self._bad_looks, self._garbage = 0, None
            self._receive(stream, f"{stream_format.codec} {stream_format.width}×{stream_format.height}")
        except CameraError as error:
            if error.fault is Fault.TIMEOUT and self.status.state is CameraState.STREAMING:
                self._become(CameraState.STALLED, str(error), error.fault)
            raise
        finally:
            stream.close()
        if not self._stopping.is_set():
            raise CameraError(Fault.END_OF_STREAM, self.camera)

    def _receive(self, stream: PacketStream, what: str) -> None:
        keyframe_at = started_at = self._clock()
        for packet in stream:
            if self._stopping.is_set():
                return
            now = self._clock()
            self.ring.append(packet, now)
            self.counters.packets += 1
            self.counters.bytes += len(packet.data)
            if packet.keyframe:
                keyframe_at = now
                if self.status.state is not CameraState.STREAMING:
                    self._become(CameraState.STREAMING, f"streaming {what}")
                if now - started_at > self._patience.settled_s:
                    self._failures = 0
            elif now - keyframe_at > self._patience.keyframe_s:
                detail = f"no keyframe for {self._patience.keyframe_s:g} s"
                raise CameraError(Fault.INVALID_DATA, self.camera, detail)
            if self._garbage:
                raise CameraError(Fault.INVALID_DATA, self.camera, self._garbage)

    def _judge(self, look: Decoded) -> Decoded:
        state = self.ring.state()
        if look.pictures:
            self._bad_looks = 0
        elif state.packets and state.keyframes != self._bad_keyframe:
            self._bad_keyframe = state.keyframes
            self._bad_looks += 1
            if self._bad_looks >= self._patience.bad_looks:
                self._garbage = look.problem
        return look

    def _fail(self, fault: Fault, reason: str) -> None:
        self._failures += 1
        self.counters.faults += 1
        self._become(CameraState.BACKOFF, reason, fault)

    def _become(self, state: CameraState, reason: str, fault: Fault | None = None, *, final: bool = False) -> None:
        with self._lock:
            if self._stopping.is_set() and not final:
                return  # a thread that libav held past `stop` has no say any more
            self._status = status = self._status.to(state, self._clock(), reason, fault)
        log.info("camera state", camera=self.camera, state=state.value, reason=reason, fault=fault and fault.value)
        if self._on_status:
            try:
                self._on_status(self.camera, status)
            except Exception:  # who listens must not end the camera
                log.exception("telling a camera's state failed", camera=self.camera, state=state.value)
