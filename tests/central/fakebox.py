"""A box as the centre hears it: real keys, real signatures, real topics."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from central.intake.subscription import Message
from contract.events import EpisodeData, EpisodeEvent, EventType, Location, Measures
from contract.evidence import Manifest, SignedManifest, public_key_text
from contract.ids import new_epoch, sha256_of
from contract.kinds import BoxState, CameraFault, Closing, EvidenceRole, IncidentKind, Phase, Severity
from contract.reports import BoxStatus
from contract.topics import EventTopic, EvidenceTopic, StatusTopic
from tests.central.moments import at

JPEG = b"\xff\xd8\xff\xe0" + b"not much of a picture" + b"\xff\xd9"


@dataclass
class FakeBox:
    """Counts its events; its episodes are one jam each unless told otherwise."""

    id: str
    camera: str = "simpang"
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    epoch: str = field(default_factory=new_epoch)
    seq: int = 0

    @property
    def public_key(self) -> str:
        return public_key_text(self.key.public_key())

    def event(
        self,
        phase: Phase,
        episode: UUID,
        seconds: float,
        *,
        closing: Closing | None = None,
        began: float = 0,
        opening: bool = False,
        seq: int | None = None,
        kind: IncidentKind = IncidentKind.JAM,
        zone: str | None = "utara",
        place: str | None = "jl-sudirman:utara",
        location: tuple[float, float] | Location | None = None,
        severity: int = 2,
        confidence: float = 0.9,
        reason: str = "cars creep",
        evidence: tuple[SignedManifest, ...] = (),
        measures: Measures | None = None,
        doubt: str | None = None,
    ) -> EpisodeEvent:
        if seq is None:
            self.seq += 1
            seq = self.seq
        stage = EventType.OPENED if opening else EventType.UPDATED
        return EpisodeEvent.make(
            type=EventType.CLOSED if phase is Phase.CLOSED else stage,
            box=self.id,
            camera=self.camera,
            episode=episode,
            epoch=self.epoch,
            seq=seq,
            time=at(seconds),
            boxtime=at(seconds),
            data=EpisodeData(
                kind=kind,
                zone=zone,
                place=place,
                phase=phase,
                began=at(began),
                severity=Severity(severity),
                confidence=confidence,
                reason=reason,
                closing=closing,
                measures=measures or _usual(kind),
                location=Location(lat=location[0], lon=location[1]) if isinstance(location, tuple) else location,
                doubt=doubt,
                evidence=evidence,
                models={"nanodet": "0" * 64},
                config="c1",
            ),
        )

    def opened(self, episode: UUID, seconds: float = 0, **more: Any) -> Message:
        return self.message(self.event(Phase.CONFIRMED, episode, seconds, opening=True, **{"began": seconds} | more))

    def updated(self, episode: UUID, seconds: float, **more: Any) -> Message:
        return self.message(self.event(Phase.CONFIRMED, episode, seconds, **more))

    def closed(self, episode: UUID, seconds: float, closing: Closing = Closing.CLEARED, **more: Any) -> Message:
        return self.message(self.event(Phase.CLOSED, episode, seconds, closing=closing, **more))

    def message(self, event: EpisodeEvent) -> Message:
        return Message(EventTopic(event.box, event.epoch, event.seq).path, event.to_bytes())

    def raw(self, payload: bytes, seq: int | None = None) -> Message:
        if seq is None:
            self.seq += 1
            seq = self.seq
        return Message(EventTopic(self.id, self.epoch, seq).path, payload)

    def skipped(self) -> Message:
        return self.raw(b'{"skipped":true}')

    def still(
        self, content: bytes = JPEG, role: EvidenceRole = EvidenceRole.OPENED, seconds: float = 0
    ) -> tuple[SignedManifest, Message]:
        manifest = Manifest(
            sha256=sha256_of(content),
            size=len(content),
            media_type="image/jpeg",
            role=role,
            box=self.id,
            camera=self.camera,
            time=at(seconds),
            models={"nanodet": "0" * 64},
            config="c1",
        )
        return SignedManifest.sign(manifest, self.key), Message(EvidenceTopic(self.id, manifest.sha256).path, content)

    def status(self, seconds: float = 0, *, acked: int = 0, interval_s: float = 10, retained: bool = False) -> Message:
        status = BoxStatus(
            state=BoxState.ONLINE,
            boxtime=at(seconds),
            interval_s=interval_s,
            epoch=self.epoch,
            last_seq=self.seq,
            acked_seq=acked,
            outbox_age_s=0,
        )
        return Message(StatusTopic(self.id).path, status.to_bytes(), retained)


def episode() -> UUID:
    """A new one."""
    return uuid4()


def _usual(kind: IncidentKind) -> Measures:
    if kind is IncidentKind.CAMERA_FAULT:
        return Measures(fault=CameraFault.DARK)
    return Measures(speed_kmh=4.5, occupancy=0.6)
