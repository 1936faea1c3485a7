"""Steps and exhibits as the tests need them."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from contract.events import EpisodeData, EventType, Measures
from contract.kinds import Closing, EvidenceRole, IncidentKind, Phase, Severity
from edge.evidence.exhibit import Exhibit, make_exhibit
from edge.outbox import Step

BOX = "pgk-01"
CAMERA = "simpang"
NOW = datetime(2026, 1, 1, tzinfo=UTC)
KEY = Ed25519PrivateKey.generate()
EPISODE = uuid4()


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def step(
    type: EventType = EventType.OPENED,  # noqa: A002
    *,
    episode: UUID = EPISODE,
    vehicles: int = 0,
    zone: str = "utara",
    reason: str = "slow and dense",
) -> Step:
    closed = type is EventType.CLOSED
    return Step(
        type=type,
        camera=CAMERA,
        episode=episode,
        time=NOW,
        data=EpisodeData(
            kind=IncidentKind.JAM,
            zone=zone,
            phase=Phase.CLOSED if closed else Phase.CONFIRMED,
            closing=Closing.CLEARED if closed else None,
            began=NOW,
            severity=Severity.HIGH,
            confidence=0.8,
            reason=reason,
            measures=Measures(vehicles=vehicles),
        ),
    )


def exhibit(content: bytes = b"still", role: EvidenceRole = EvidenceRole.OPENED) -> Exhibit:
    return make_exhibit(content, key=KEY, box=BOX, camera=CAMERA, time=NOW, role=role, models={}, config="1")
