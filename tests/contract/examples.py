"""Values of the contract that tests of every package use."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract.events import EpisodeData, EpisodeEvent, EventType, Location, Measures
from contract.evidence import Manifest, SignedManifest
from contract.ids import sha256_of
from contract.kinds import Closing, EvidenceRole, IncidentKind, Phase, Severity

BEGAN = datetime(2026, 1, 1, 7, 0, tzinfo=UTC)
EPOCH = "0123456789abcdef"
EPISODE = UUID("6f1f64f2-6b6c-4a0e-9f0e-0d5f4c1f7a11")


def still(content: bytes, key: Ed25519PrivateKey, box: str = "pgk-01", camera: str = "simpang") -> SignedManifest:
    """A signed manifest of a masked still taken when the episode opened."""
    manifest = Manifest(
        sha256=sha256_of(content),
        size=len(content),
        media_type="image/jpeg",
        role=EvidenceRole.OPENED,
        box=box,
        camera=camera,
        time=BEGAN + timedelta(seconds=120),
        models={"street": "a" * 64},
        config="file:0123",
    )
    return SignedManifest.sign(manifest, key)


def jam(
    step: EventType = EventType.OPENED,
    seq: int = 1,
    *,
    box: str = "pgk-01",
    camera: str = "simpang",
    zone: str = "utara",
    place: str | None = "jl-sudirman:utara",
    episode: UUID = EPISODE,
    epoch: str = EPOCH,
    after_s: float = 120,
    evidence: tuple[SignedManifest, ...] = (),
    severity: Severity = Severity.MODERATE,
    closing: Closing = Closing.CLEARED,
) -> EpisodeEvent:
    """A step of a jam that began at BEGAN."""
    closed = step is EventType.CLOSED
    return EpisodeEvent.make(
        type=step,
        box=box,
        camera=camera,
        episode=episode,
        epoch=epoch,
        seq=seq,
        time=BEGAN + timedelta(seconds=after_s),
        boxtime=BEGAN + timedelta(seconds=after_s + 1),
        data=EpisodeData(
            kind=IncidentKind.JAM,
            zone=zone,
            place=place,
            phase=Phase.CLOSED if closed else Phase.CONFIRMED,
            closing=closing if closed else None,
            began=BEGAN,
            severity=severity,
            confidence=0.9,
            reason="mean speed 4 km/h over 120 s, 41 % of the zone occupied by 9 vehicles",
            measures=Measures(speed_kmh=4.0, occupancy=0.41, vehicles=9),
            location=Location(lon=106.11, lat=-2.13),
            evidence=evidence,
            models={"street": "a" * 64},
            config="file:0123",
        ),
    )
