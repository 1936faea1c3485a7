"""The disk budget, and what is given up when it does not suffice."""

import sqlite3
from dataclasses import dataclass

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Budget:
    """How much disk the outbox and its evidence may take.

    Attributes:
        limit_bytes: of everything together.
        reserve_bytes: of it, kept free for opened and closed events, which are never given up.

    Raises:
        ValueError: no room is left beside the reserve.
    """

    limit_bytes: int
    reserve_bytes: int = 32 * MEGABYTE

    def __post_init__(self) -> None:
        if not 0 <= self.reserve_bytes < self.limit_bytes:
            raise ValueError(
                f"disk_limit is {self.limit_bytes / MEGABYTE:.0f} MB; give more than the "
                f"{self.reserve_bytes / MEGABYTE:.0f} MB that are kept for opened and closed events"
            )


def give_up(connection: sqlite3.Connection, budget: Budget) -> list[str]:
    """Makes room inside the caller's transaction; gives the sha256 of evidence whose files may be deleted after it.

    In this order, the oldest first: evidence of updates and of acknowledged events, evidence of opened and closed
    events that still wait, bodies of updates (their seq stays, as skipped).
    """
    evidence, updates, kept, acked = connection.execute(
        "SELECT evidence_bytes, update_bytes, kept_bytes, acked_seq FROM life"
    ).fetchone()
    excess = evidence + updates - (budget.limit_bytes - max(budget.reserve_bytes, kept))
    given_up: list[str] = []
    dropped = 0
    if excess > 0 and evidence:
        victims = connection.execute(
            "SELECT sha256, bytes FROM evidence ORDER BY (NOT of_update AND seq > ?), place", (acked,)
        )
        for sha256, size in victims:
            if excess <= 0:
                break
            given_up.append(sha256)
            excess -= size
        connection.executemany("DELETE FROM evidence WHERE sha256 = ?", ((sha256,) for sha256 in given_up))
        dropped += len(given_up)
    if excess > 0 and updates:
        victims = connection.execute(
            "SELECT seq, length(body) FROM event WHERE is_update AND body IS NOT NULL ORDER BY seq"
        )
        seqs = []
        for seq, size in victims:
            if excess <= 0:
                break
            seqs.append(seq)
            excess -= size
        connection.executemany("UPDATE event SET body = NULL WHERE seq = ?", ((seq,) for seq in seqs))
        dropped += len(seqs)
    if dropped:
        connection.execute("UPDATE life SET dropped = dropped + ?", (dropped,))
    return given_up
