"""One running box: sessions, attention, perception, outbox and uplink, wired together."""

import time
from collections import deque
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version

import structlog

from contract.commands import LookAgain, LookReply
from contract.events import Location, Measures
from contract.kinds import CameraState as WireState
from contract.kinds import IncidentKind
from contract.reports import BoxInfo, CameraInfo, ZoneInfo
from contract.reports import CameraStatus as CameraReport
from edge.attention.loop import AttentionLoop
from edge.camera_faults import view_memory
from edge.cameras.ring import PacketRing
from edge.cameras.rtsp import RtspStream
from edge.cameras.session import CameraSession
from edge.cameras.states import CameraStatus
from edge.config.box import BoxSection
from edge.config.cameras import CameraSection
from edge.config.document import Configuration
from edge.config.mqtt import MqttSection
from edge.identity import BoxKey, IdentityError
from edge.incidents.camera_fault import FROM_THE_USUAL_VIEW
from edge.incidents.lifecycle import EpisodeStep
from edge.live import LiveCamera, Look
from edge.metrics import BoxMetrics
from edge.networks import open_networks
from edge.outbox import Budget, Outbox, OutboxError
from edge.questions import Questions
from edge.recorder import Recorder
from edge.report import instant
from edge.uplink import Uplink, UplinkSettings, UplinkSettingsError, mqtt_transport
from edge.uplink.event_sender import Pace
from edge.watching import watch_for
from models.card import ModelError

log = structlog.get_logger(__name__)

START_ERRORS = (IdentityError, OutboxError, UplinkSettingsError, ModelError)
"""What keeps a box from starting; the text of each names its remedy."""


class Box:
    """Everything one box does, from `start` to `stop`.

    Raises:
        START_ERRORS: from the constructor.
    """

    def __init__(self, configuration: Configuration, metrics: BoxMetrics | None = None) -> None:
        document = configuration.document
        assert document.box is not None
        assert document.mqtt is not None
        self._section: BoxSection = document.box
        self._metrics = metrics or BoxMetrics()
        self._networks = open_networks(configuration)
        models, street = dict(self._networks.versions), self._networks.street
        key = BoxKey.load_or_create(self._section.state_dir)
        self._outbox = Outbox.open(self._section.state_dir, self._section.id, Budget(self._section.disk_limit))
        self._recorder = Recorder(self._outbox, self._section.id, key, street, models, configuration.version)
        self._cameras = {
            camera: self._camera(configuration, camera, section)
            for camera, section in document.cameras.items()
            if section.enabled
        }
        info = BoxInfo(
            site=self._section.site,
            software=f"sigap {version('sigap')}",
            models=models,
            cameras=tuple(_camera_info(name, section) for name, section in document.cameras.items()),
        )
        self._questions = Questions(frozenset(self._cameras), self._reply, lambda: datetime.now(UTC))
        self._uplink = self._make_uplink(document.mqtt, configuration, info)
        self._unrecorded: dict[str, deque[tuple[EpisodeStep, Look | None]]] = {
            camera: deque() for camera in self._cameras
        }
        self._metrics.outbox_age_s.set_function(lambda: self._outbox.status(datetime.now(UTC)).age_s)
        looks = {camera: partial(self._look, live) for camera, live in self._cameras.items()}
        self._attention = AttentionLoop(looks, self._look_broke)

    def run(self) -> None:
        """Works in this thread until `stop` is called from another one or from a signal handler."""
        watched = {camera.id: camera.section for camera in self._cameras.values()}
        self._recorder.close_unwatched(watched, datetime.now(UTC))
        for camera in self._cameras.values():
            self._close_forgotten(camera)
        self._uplink.start()
        for camera in self._cameras.values():
            camera.session.start()
        try:
            self._attention.run()
        finally:
            for camera in self._cameras.values():
                camera.session.stop()
            self._uplink.stop()
            self._outbox.close()

    def stop(self) -> None:
        """Ends `run`. Open episodes stay open: the next run goes on with them."""
        self._attention.stop()

    def _make_uplink(self, mqtt: MqttSection, configuration: Configuration, info: BoxInfo) -> Uplink:
        folder = configuration.folder
        ca, cert, key = (None if file is None else folder / file for file in (mqtt.ca, mqtt.cert, mqtt.key))
        settings = UplinkSettings.parse(url=mqtt.url, ca=ca, cert=cert, key=key)
        return Uplink(
            mqtt_transport(settings, self._section.id),
            box=self._section.id,
            outbox=self._outbox,
            info=info,
            config=configuration.version,
            interval_s=mqtt.heartbeat,
            pace=Pace(ack_timeout_s=mqtt.resend_after),
            on_command=self._questions.hear,
        )

    def _camera(self, configuration: Configuration, camera: str, section: CameraSection) -> LiveCamera:
        stream = section.input_for("watch")
        session = CameraSession(
            PacketRing(camera), partial(RtspStream, stream.url, transport=stream.transport), on_status=self._on_status
        )
        ground, states = configuration.calibration_of(camera), self._recorder.resume(camera)
        watch = watch_for(
            camera,
            section,
            self._networks,
            ground,
            states,
            time_zone=configuration.time_zone_of(camera),
            memory=view_memory(self._section.state_dir, camera, section),
        )
        return LiveCamera(camera, section, session, watch)

    def _close_forgotten(self, camera: LiveCamera) -> None:
        """A fault of a view that this run has to learn anew can never be seen to be over."""
        if view_memory(self._section.state_dir, camera.id, camera.section).load():
            return
        keys = {(IncidentKind.CAMERA_FAULT.value, fault.value) for fault in FROM_THE_USUAL_VIEW}
        for step in camera.watch.close_lost(time.time(), "what the camera usually shows is not known any more", keys):
            self._recorder.record(camera.id, camera.section, step, None, datetime.now(UTC))

    def _look(self, camera: LiveCamera) -> float | None:
        began = time.perf_counter()
        self._record_waiting(camera)
        asked = self._questions.waiting(camera.id)
        look = camera.look(closely=bool(asked))
        if look is None:
            self._unrecorded[camera.id].extend((step, None) for step in camera.hear(time.time()))
            self._record_waiting(camera)
            return None
        self._unrecorded[camera.id].extend((step, look) for step in look.steps)
        self._record_waiting(camera)
        for question in asked:
            self._answer(camera, look, question)
        kind = look.observation.kind.value
        self._metrics.looks.labels(camera.id, kind).inc()
        self._metrics.look_seconds.labels(kind).observe(time.perf_counter() - began)
        self._metrics.frames_decoded.labels(camera.id).inc(look.frames_decoded)
        self._metrics.picture_age_s.labels(camera.id).set(time.time() - look.picture.time)
        self._metrics.stretch.set(self._attention.schedule.stretch)
        return camera.wanted_after_s

    def _answer(self, camera: LiveCamera, look: Look, question: LookAgain) -> None:
        seen = camera.watch.sight(question.kind, question.about)
        reply = LookReply(
            id=question.id,
            camera=camera.id,
            sight=seen.sight,
            time=instant(look.picture.time),
            reason=seen.reason,
            measures=Measures.model_validate(seen.measures),
            evidence=self._recorder.exhibit(camera.id, camera.section, look.picture),
            models=dict(self._networks.versions),
            config=self._recorder.config,
        )
        self._questions.answer(question, reply)
        log.info("asked to look again", camera=camera.id, kind=question.kind.value, sight=seen.sight.value)

    def _reply(self, reply: LookReply) -> None:
        self._uplink.reply(reply)

    def _record_waiting(self, camera: LiveCamera) -> None:
        """In order; what cannot be written now (a full disk) waits for the next look and is not lost."""
        waiting = self._unrecorded[camera.id]
        while waiting:
            step, look = waiting[0]
            picture, film = (look.picture, look.film) if look is not None else (None, ())
            self._recorder.record(camera.id, camera.section, step, picture, datetime.now(UTC), film=film)
            waiting.popleft()
            self._metrics.events.labels(step.kind, step.phase.value).inc()
            log.info(
                "episode", camera=camera.id, about=step.about, kind=step.kind, step=step.phase.value, reason=step.reason
            )

    def _look_broke(self, camera: str, _error: Exception) -> None:
        self._metrics.failures.labels(camera).inc()

    def _on_status(self, camera: str, status: CameraStatus) -> None:
        report = CameraReport(
            state=WireState(status.wire), since=instant(status.wire_since), reason=status.reason[:300]
        )
        self._uplink.publish_camera(camera, report)


def _camera_info(camera: str, section: CameraSection) -> CameraInfo:
    place = section.location
    return CameraInfo(
        id=camera,
        name=section.name or camera,
        location=Location(lon=place.lon, lat=place.lat) if place else None,
        zones=tuple(
            ZoneInfo(id=zone, kind=drawn.kind, place=drawn.place, points=drawn.points)
            for zone, drawn in section.zones.items()
        ),
    )
