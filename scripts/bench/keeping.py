"""What keeping an event costs: state, event and evidence in one durable transaction."""

import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

from contract.events import EpisodeData, EventType
from contract.kinds import IncidentKind, Phase, Severity
from edge.outbox import Budget, Outbox, Step

EVENTS = 200


def wall_ms() -> Iterator[tuple[str, float]]:
    """Milliseconds an event, wall clock: ours, and a bare SQLite insert as durable as ours."""
    with tempfile.TemporaryDirectory() as folder:
        outbox = Outbox.open(Path(folder), "bench", Budget(10**9))
        episode = uuid4()
        yield "outbox: state + event, one transaction", _each_ms(lambda: _record(outbox, episode))
        outbox.close()
        connection = sqlite3.connect(Path(folder) / "peer.sqlite3", isolation_level=None)
        connection.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE event (body BLOB);")
        body = b"x" * 900
        yield (
            "peer: one SQLite insert, WAL and synchronous=FULL",
            _each_ms(lambda: connection.execute("INSERT INTO event VALUES (?)", (body,))),
        )
        connection.close()


def _each_ms(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    for _ in range(EVENTS):
        work()
    return 1000 * (time.perf_counter() - began) / EVENTS


def _record(outbox: Outbox, episode: UUID) -> None:
    now = datetime.now(UTC)
    data = EpisodeData(
        kind=IncidentKind.JAM,
        zone="road",
        phase=Phase.CONFIRMED,
        began=now,
        severity=Severity.LOW,
        confidence=0.9,
        reason="Mean speed 4.0 km/h over 2 s, 41 % of the zone occupied by 9 vehicles",
    )
    outbox.record(Step(EventType.OPENED, "bench", episode, now, data), state='{"stage": "confirmed"}', now=now)
