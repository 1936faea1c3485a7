"""One running box: sessions, attention, perception, outbox and uplink, wired together."""

import time
from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import structlog

from contract.commands import Command, LookAgain, LookReply, Reply, StillReply, TakeStill
from contract.desired import Fault, Refusal
from contract.events import Measures
from contract.kinds import CameraState as WireState
from contract.kinds import IncidentKind
from contract.reports import CameraStatus as CameraReport
from edge.attention.loop import AttentionLoop
from edge.camera_faults import view_memory
from edge.cameras.ring import PacketRing
from edge.cameras.rtsp import RtspStream
from edge.cameras.session import CameraSession
from edge.cameras.states import CameraStatus
from edge.changing import Changes, Decision, first_decision
from edge.config.box import BoxSection
from edge.config.cameras import CameraSection
from edge.config.document import Configuration
from edge.config.mqtt import MqttSection
from edge.describing import box_info
from edge.desired_store import DesiredStore
from edge.identity import BoxKey, IdentityError
from edge.incidents.camera_fault import FROM_THE_USUAL_VIEW
from edge.incidents.lifecycle import EpisodeState, EpisodeStep
from edge.live import LiveCamera, Look
from edge.metrics import BoxMetrics
from edge.outbox import Budget, Outbox, OutboxError
from edge.perception.eyes import Eyes
from edge.questions import Questions
from edge.recorder import Recorder
from edge.report import instant
from edge.retaking import kept_states, rewatched, same_sight
from edge.uplink import InForce, Uplink, UplinkSettings, UplinkSettingsError, mqtt_transport
from edge.uplink.event_sender import Pace
from edge.watch import CameraWatch, Key
from edge.watching import dry_store, watch_for
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
        self._store = DesiredStore(self._section.state_dir)
        self._decision, self._refused = first_decision(configuration, self._store)
        key = BoxKey.load_or_create(self._section.state_dir)
        self._outbox = Outbox.open(self._section.state_dir, self._section.id, Budget(self._section.disk_limit))
        networks = self._decision.networks
        self._recorder = Recorder(
            self._outbox, self._section.id, key, networks.street, networks.versions, self._configuration.version
        )
        self._cameras = {
            camera: self._camera(camera, section)
            for camera, section in self._configuration.document.cameras.items()
            if section.enabled
        }
        self._questions = Questions(frozenset(self._cameras), self._reply, lambda: datetime.now(UTC))
        self._changes = Changes(
            configuration,
            lambda: self._decision,
            take_over=lambda decision: self._attention.between(partial(self._take_over, decision)),
            refuse=self._refuse,
            again=self._took_again,
        )
        self._uplink = self._make_uplink(document.mqtt)
        self._unrecorded: dict[str, deque[tuple[EpisodeStep, Look | None]]] = {
            camera: deque() for camera in self._cameras
        }
        self._metrics.outbox_age_s.set_function(lambda: self._outbox.status(datetime.now(UTC)).age_s)
        looks = {camera: partial(self._look, live) for camera, live in self._cameras.items()}
        self._attention = AttentionLoop(looks, self._look_broke)

    @property
    def _configuration(self) -> Configuration:
        return self._decision.configuration

    def run(self) -> None:
        """Works in this thread until `stop` is called from another one or from a signal handler."""
        watched = {camera.id: camera.section for camera in self._cameras.values()}
        self._recorder.close_unwatched(watched, datetime.now(UTC))
        for camera in self._cameras.values():
            self._close_forgotten(camera)
        self._changes.start()
        self._uplink.start()
        for camera in self._cameras.values():
            camera.session.start()
        try:
            self._attention.run()
        finally:
            self._changes.stop()
            for camera in self._cameras.values():
                camera.session.stop()
            self._uplink.stop()
            self._outbox.close()

    def stop(self) -> None:
        """Ends `run`. Open episodes stay open: the next run goes on with them."""
        self._attention.stop()

    def _make_uplink(self, mqtt: MqttSection) -> Uplink:
        folder = self._configuration.folder
        ca, cert, key = (None if file is None else folder / file for file in (mqtt.ca, mqtt.cert, mqtt.key))
        settings = UplinkSettings.parse(url=mqtt.url, ca=ca, cert=cert, key=key)
        return Uplink(
            mqtt_transport(settings, self._section.id),
            box=self._section.id,
            outbox=self._outbox,
            info=box_info(self._configuration, self._decision.networks.versions),
            config=self._in_force(),
            interval_s=mqtt.heartbeat,
            pace=Pace(ack_timeout_s=mqtt.resend_after),
            on_desired=self._changes.hear,
            on_command=self._command,
        )

    def _camera(self, camera: str, section: CameraSection) -> LiveCamera:
        stream = section.input_for("watch")
        session = CameraSession(
            PacketRing(camera), partial(RtspStream, stream.url, transport=stream.transport), on_status=self._on_status
        )
        return LiveCamera(camera, section, session, self._watch(self._decision, camera, self._recorder.resume(camera)))

    def _watch(
        self, decision: Decision, camera: str, states: Mapping[Key, EpisodeState], eyes: Eyes | None = None
    ) -> CameraWatch:
        configuration = decision.configuration
        section = configuration.document.cameras[camera]
        return watch_for(
            camera,
            section,
            decision.networks,
            configuration.calibration_of(camera),
            states,
            time_zone=configuration.time_zone_of(camera),
            memory=view_memory(self._section.state_dir, camera, section),
            dry=dry_store(self._section.state_dir, camera, section),
            permits=configuration.permits.get(camera, ()),
            eyes=eyes,
        )

    def _take_over(self, decision: Decision) -> None:
        """Between two looks: cameras of which nothing changed go on as they are, streams all of them."""
        before, after = self._decision, decision
        try:
            changed = [camera for camera in self._cameras.values() if rewatched(before, after, camera.id)]
            watches = {}
            for camera in changed:
                section = after.configuration.document.cameras[camera.id]
                eyes = camera.watch.eyes if same_sight(before, after, camera.id) else None
                known = eyes is not None or bool(view_memory(self._section.state_dir, camera.id, section).load())
                states = kept_states(camera.watch.states, camera.section, section, view_known=known)
                watches[camera.id] = self._watch(after, camera.id, states, eyes)
        except Exception as error:  # what was in force still is
            log.exception("desired could not be taken over")
            self._refuse(Refusal(version=after.configuration.desired, faults=(Fault.at((), repr(error)),)))
            return
        for camera in changed:
            watch = watches[camera.id]
            lost = camera.watch.states.keys() - {key for key, state in watch.states.items() if state.open}
            steps = camera.watch.close_lost(time.time(), "what is watched there was drawn anew", lost)
            self._unrecorded[camera.id].extend((step, None) for step in steps)
            camera.rewatch(after.configuration.document.cameras[camera.id], watch)
        networks = after.networks
        self._decision, self._refused = after, None
        self._recorder = replace(
            self._recorder,
            detector=networks.street,
            models=networks.versions,
            config=after.configuration.version,
        )
        try:
            self._store.keep(after.payload)
        except OSError as error:  # in force all the same; after a restart the centre sends it again
            log.warning("desired could not be kept", reason=str(error))
        self._uplink.publish_info(box_info(after.configuration, networks.versions))
        self._uplink.use_config(self._in_force())
        log.info("desired taken over", version=after.configuration.version, cameras=sorted(watches))

    def _refuse(self, refusal: Refusal) -> None:
        self._refused = refusal
        self._uplink.use_config(self._in_force())

    def _took_again(self) -> None:
        self._refused = None
        self._uplink.use_config(self._in_force())

    def _in_force(self) -> InForce:
        return InForce(self._configuration.version, self._configuration.desired, self._refused)

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
        look = camera.look(closely=any(isinstance(question, LookAgain) for question in asked))
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

    def _command(self, payload: bytes) -> None:
        camera = self._questions.hear(payload)
        if camera is not None:
            self._attention.hasten(camera)

    def _answer(self, camera: LiveCamera, look: Look, question: Command) -> None:
        if isinstance(question, TakeStill):
            self._show(camera, look, question)
            return
        seen = camera.watch.sight(question.kind, question.about)
        reply = LookReply(
            id=question.id,
            camera=camera.id,
            sight=seen.sight,
            time=instant(look.picture.time),
            reason=seen.reason,
            measures=Measures.model_validate(seen.measures),
            evidence=self._recorder.exhibit(camera.id, camera.section, look.picture),
            models=dict(self._decision.networks.versions),
            config=self._recorder.config,
        )
        self._questions.answer(question, reply)
        log.info("asked to look again", camera=camera.id, kind=question.kind.value, sight=seen.sight.value)

    def _show(self, camera: LiveCamera, look: Look, question: TakeStill) -> None:
        evidence = self._recorder.exhibit(camera.id, camera.section, look.picture)
        reply = StillReply(
            action="still",
            id=question.id,
            camera=camera.id,
            time=instant(look.picture.time),
            reason="" if evidence else "The box's disk has no room for a picture",
            evidence=evidence,
            config=self._recorder.config,
        )
        self._questions.answer(question, reply)

    def _reply(self, reply: Reply) -> None:
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
