"""Numbering what waits anew, when the centre has already seen our next numbers."""

import sqlite3

import structlog

from contract.events import EpisodeEvent
from contract.ids import new_epoch

_log = structlog.get_logger(__name__)


def number_anew(connection: sqlite3.Connection, ack_seq: int) -> None:
    """Begins a new epoch inside the caller's transaction; the events that wait get the seqs from 1 in it.

    The centre may then get an event twice, under two ids. Losing one would be worse: under its old number it would be
    taken for a repetition.
    """
    last_seq, acked_seq = connection.execute("SELECT last_seq, acked_seq FROM life").fetchone()
    epoch = new_epoch()
    for seq, body in connection.execute("SELECT seq, body FROM event ORDER BY seq").fetchall():
        renumbered = None if body is None else _with_number(EpisodeEvent.from_bytes(body), epoch, seq - acked_seq)
        connection.execute("UPDATE event SET seq = ?, body = ? WHERE seq = ?", (seq - acked_seq, renumbered, seq))
    connection.execute("UPDATE evidence SET seq = max(seq - ?, 0)", (acked_seq,))
    connection.execute(
        "UPDATE life SET epoch = ?, last_seq = last_seq - acked_seq, sent_seq = 0, acked_seq = 0", (epoch,)
    )
    _log.error(
        "the centre has seen later events of this outbox than it holds; a new epoch begins",
        acknowledged=ack_seq,
        last_seq=last_seq,
        epoch=epoch,
        remedy="if state_dir was restored from a copy, what happened after the copy is only at the centre",
    )


def _with_number(event: EpisodeEvent, epoch: str, seq: int) -> bytes:
    return EpisodeEvent.make(
        type=event.type,
        box=event.box,
        camera=event.camera,
        episode=event.subject,
        epoch=epoch,
        seq=seq,
        time=event.time,
        boxtime=event.boxtime,
        data=event.data,
    ).to_bytes()
