"""The outbox: an episode's new state and the event about it are written together, and kept until acknowledged."""

import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Self, TypeVar

import structlog

from contract.acks import Ack
from contract.events import MAX_EVENT_BYTES, EpisodeData, EpisodeEvent, EventType, Skipped
from contract.kinds import IncidentKind
from edge.evidence.exhibit import Exhibit
from edge.evidence.store import EvidenceDamagedError, EvidenceStore
from edge.outbox.ballast import Ballast, is_full
from edge.outbox.budget import Budget, give_up
from edge.outbox.records import OpenEpisode, OutboxStatus, Step, WaitingEvent, WaitingEvidence
from edge.outbox.renumber import number_anew
from edge.outbox.storage import OutboxError, open_storage, transaction

OUTBOX_FILE = "outbox.sqlite3"
EVIDENCE_FOLDER = "evidence"
BALLAST_FILE = "outbox.ballast"
BALLAST_BYTES = 4 * 1024 * 1024
_SKIPPED = Skipped().to_bytes()

_T = TypeVar("_T")
_log = structlog.get_logger(__name__)


class Outbox:
    """SQLite (WAL, synchronous FULL) beside a folder of evidence. Every method may be called from any thread.

    Events of one life of the file (`epoch`) count from 1 without gaps. What a method has returned from is on the disk.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        evidence: EvidenceStore,
        ballast: Ballast,
        *,
        box: str,
        budget: Budget,
        set_aside: Path | None,
    ) -> None:
        """Use `Outbox.open`."""
        self._ballast = ballast
        self._connection = connection
        self._evidence = evidence
        self._box = box
        self._budget = budget
        self._set_aside = set_aside
        self._lock = threading.RLock()
        self._watchers: tuple[Callable[[], None], ...] = ()

    @classmethod
    def open(cls, state_dir: Path, box: str, budget: Budget) -> Self:
        """Opens the outbox of this box, or begins one.

        Raises:
            OutboxError: in use by another process, of a newer version, or not writable. A damaged or foreign file is
                no error: it is renamed (`set_aside`) and a new epoch begins.
        """
        folder = state_dir / EVIDENCE_FOLDER
        connection, set_aside = open_storage(state_dir / OUTBOX_FILE, box, folder)
        try:
            evidence = EvidenceStore(folder)
            known = connection.execute("SELECT sha256 FROM evidence")
            strays = evidence.keep_only(frozenset(sha256 for (sha256,) in known))
            ballast = Ballast(state_dir / BALLAST_FILE, BALLAST_BYTES)
            ballast.hold()
        except OSError as error:
            connection.close()
            raise OutboxError(
                f"the evidence folder {folder} cannot be used ({error.strerror}); check that the user that runs "
                "sigap-edge may write it"
            ) from error
        if strays:
            _log.info("evidence left by an interrupted write was deleted", files=strays)
        return cls(connection, evidence, ballast, box=box, budget=budget, set_aside=set_aside)

    def close(self) -> None:
        """Closes the file; the outbox is not used after it."""
        with self._lock:
            self._connection.close()

    @property
    def set_aside(self) -> Path | None:
        """Where a damaged or foreign file was put when this outbox was opened."""
        return self._set_aside

    @property
    def epoch(self) -> str:
        """Names this life of the file."""
        return str(self._life("epoch")[0])

    @property
    def acked_seq(self) -> int:
        """The highest seq up to which the centre has everything."""
        return int(self._life("acked_seq")[0])

    @property
    def last_seq(self) -> int:
        """The highest seq given out; 0 at first."""
        return int(self._life("last_seq")[0])

    def watch(self, callback: Callable[[], None]) -> None:
        """Calls back, on the recording thread, after each new event."""
        self._watchers = (*self._watchers, callback)

    # ---- the judging side

    def open_episodes(self) -> tuple[OpenEpisode, ...]:
        """The states to resume from after a restart."""
        with self._lock:
            rows = self._connection.execute("SELECT camera, kind, zone, state FROM episode").fetchall()
        return tuple(OpenEpisode(camera, IncidentKind(kind), about, state) for camera, kind, about, state in rows)

    def record(self, step: Step, *, state: str | None, evidence: Sequence[Exhibit] = (), now: datetime) -> EpisodeEvent:
        """Stores, in one transaction, the event, the episode's new state and what names its evidence.

        Evidence that the disk has no room for is left out of the event, with a warning; the event is not.

        Args:
            step: what happened.
            state: JSON to resume from, kept for (camera, kind, what it is about); None forgets it.
            evidence: masked and signed, of this step.
            now: the box's clock.

        Raises:
            ValueError: the event would break the contract (pydantic.ValidationError), or be too large.
            sqlite3.Error: the disk fails; nothing has been stored.
        """
        with self._lock:
            kept = self._write_files(step.camera, evidence)
            try:
                event, given_up = self._commit(lambda: self._store(step, state, kept, now))
            except BaseException:
                self._delete_files(exhibit.sha256 for exhibit in kept)
                raise
            self._delete_files(given_up)
        if given_up:
            _log.warning("evidence given up for disk_limit", pieces=len(given_up), limit=self._budget.limit_bytes)
        for callback in self._watchers:
            callback()
        return event

    def keep(self, camera: str, evidence: Sequence[Exhibit]) -> tuple[Exhibit, ...]:
        """Stores evidence that no event names, to be sent at once; returns what the disk had room for.

        Raises:
            sqlite3.Error: the disk fails; nothing has been stored.
        """
        with self._lock:
            kept = self._write_files(camera, evidence)

            def store() -> list[str]:
                self._connection.executemany(
                    "INSERT INTO evidence (sha256, seq, of_update, bytes) VALUES (?, 0, 1, ?) ON CONFLICT DO NOTHING",
                    ((exhibit.sha256, len(exhibit.content)) for exhibit in kept),
                )
                return give_up(self._connection, self._budget)

            try:
                given_up = self._commit(store)
            except BaseException:
                self._delete_files(exhibit.sha256 for exhibit in kept)
                raise
            self._delete_files(given_up)
        for callback in self._watchers:
            callback()
        return tuple(exhibit for exhibit in kept if exhibit.sha256 not in given_up)

    def _write_files(self, camera: str, evidence: Sequence[Exhibit]) -> list[Exhibit]:
        kept = []
        for exhibit in evidence:
            exhibit.signed.manifest.check_content(exhibit.content)
            if not self._ballast.leaves_room(len(exhibit.content)):
                _log.warning("the disk is nearly full; the event goes without its evidence", camera=camera)
                continue
            try:
                self._evidence.put(exhibit.content)
            except OSError as error:
                _log.warning(
                    "evidence could not be written; the event goes without it", camera=camera, reason=error.strerror
                )
            else:
                kept.append(exhibit)
        return kept

    def _store(
        self, step: Step, state: str | None, evidence: Sequence[Exhibit], now: datetime
    ) -> tuple[EpisodeEvent, list[str]]:
        event = self._append(step, evidence, now)
        self._remember(step, state)
        return event, give_up(self._connection, self._budget)

    def _append(self, step: Step, evidence: Sequence[Exhibit], now: datetime) -> EpisodeEvent:
        epoch, last_seq, sent_seq = self._life("epoch, last_seq, sent_seq")
        manifests = (*step.data.evidence, *(exhibit.signed for exhibit in evidence))
        event = EpisodeEvent.make(
            type=step.type,
            box=self._box,
            camera=step.camera,
            episode=step.episode,
            epoch=epoch,
            seq=last_seq + 1,
            time=step.time,
            boxtime=now,
            data=EpisodeData(**{**dict(step.data), "evidence": manifests}),
        )
        body = event.to_bytes()
        if len(body) > MAX_EVENT_BYTES:
            raise ValueError(f"the event of camera {step.camera} has {len(body)} bytes, at most {MAX_EVENT_BYTES}")
        is_update = step.type is EventType.UPDATED
        if is_update:
            self._replace_unsent_updates(step, sent_seq)
        self._connection.execute(
            "INSERT INTO event (seq, episode, is_update, has_evidence, recorded_s, body) VALUES (?, ?, ?, ?, ?, ?)",
            (event.seq, str(step.episode), is_update, bool(manifests), now.timestamp(), body),
        )
        self._connection.executemany(
            "INSERT INTO evidence (sha256, seq, of_update, bytes) VALUES (?, ?, ?, ?) ON CONFLICT (sha256) DO UPDATE "
            "SET seq = excluded.seq, of_update = min(of_update, excluded.of_update)",
            ((exhibit.sha256, event.seq, is_update, len(exhibit.content)) for exhibit in evidence),
        )
        self._connection.execute("UPDATE life SET last_seq = ?", (event.seq,))
        return event

    def _replace_unsent_updates(self, step: Step, sent_seq: int) -> None:
        # One that brings evidence stays: the manifest in it is what lets the centre accept the bytes.
        self._connection.execute(
            "UPDATE event SET body = NULL WHERE episode = ? AND seq > ? AND is_update AND body IS NOT NULL "
            "AND NOT has_evidence",
            (str(step.episode), sent_seq),
        )

    def _remember(self, step: Step, state: str | None) -> None:
        key = (step.camera, step.data.kind.value, step.data.about)
        if state is None:
            self._connection.execute("DELETE FROM episode WHERE (camera, kind, zone) = (?, ?, ?)", key)
        else:
            self._connection.execute(
                "INSERT INTO episode (camera, kind, zone, state) VALUES (?, ?, ?, ?) "
                "ON CONFLICT DO UPDATE SET state = excluded.state",
                (*key, state),
            )

    # ---- the sending side

    def pending(self, after_seq: int, limit: int) -> tuple[WaitingEvent, ...]:
        """Events not yet acknowledged, in the order of seq, beginning after `after_seq`."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT seq, body FROM event WHERE seq > ? ORDER BY seq LIMIT ?", (after_seq, limit)
            ).fetchall()
        return tuple(WaitingEvent(seq, _SKIPPED if body is None else body) for seq, body in rows)

    def mark_sent(self, seq: int) -> None:
        """Says that everything up to `seq` is about to be sent: no update up to there is replaced any more."""
        with self._lock:
            if seq > self._life("sent_seq")[0]:
                self._commit(lambda: self._connection.execute("UPDATE life SET sent_seq = ?", (seq,)))

    def acknowledge(self, ack: Ack) -> None:
        """Deletes what the centre has. An ack of another epoch, or a lower one than before, changes nothing.

        An ack beyond our last seq means that this file is older than what the centre has seen (a restored disk image):
        the same numbers would be taken for repetitions, so what waits is numbered anew in a new epoch.
        """
        with self._lock:
            epoch, last_seq, acked_seq = self._life("epoch, last_seq, acked_seq")
            if ack.epoch != epoch:
                return
            stored = [sha256 for sha256 in ack.have if self._knows(sha256)]
            if ack.seq <= acked_seq and not stored:
                return
            with transaction(self._connection):
                self._connection.executemany("DELETE FROM evidence WHERE sha256 = ?", ((name,) for name in stored))
                if ack.seq > last_seq:
                    number_anew(self._connection, ack.seq)
                elif ack.seq > acked_seq:
                    self._connection.execute("DELETE FROM event WHERE seq <= ?", (ack.seq,))
                    self._connection.execute("UPDATE life SET acked_seq = ?1, sent_seq = max(sent_seq, ?1)", (ack.seq,))
            self._delete_files(stored)
            self._shrink()

    def evidence_to_send(self, after_place: int, limit: int) -> tuple[WaitingEvidence, ...]:
        """Evidence whose event the centre has, so that it knows what arrives; in the order it was recorded."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT place, sha256 FROM evidence WHERE place > ? AND seq <= (SELECT acked_seq FROM life) "
                "ORDER BY place LIMIT ?",
                (after_place, limit),
            ).fetchall()
        return tuple(WaitingEvidence(place, sha256) for place, sha256 in rows)

    def read_evidence(self, sha256: str) -> bytes | None:
        """The bytes, or None when they are no longer wanted or damaged (then forgotten, with an error in the log)."""
        with self._lock:
            if not self._knows(sha256):
                return None
            try:
                return self._evidence.read(sha256)
            except EvidenceDamagedError as error:
                _log.error("evidence lost", reason=str(error))
                self._commit(lambda: self._connection.execute("DELETE FROM evidence WHERE sha256 = ?", (sha256,)))
                self._delete_files((sha256,))
                return None

    def status(self, now: datetime) -> OutboxStatus:
        """Counts, sizes and age, for the heartbeat."""
        with self._lock:
            epoch, last_seq, acked_seq, evidence_bytes, updates, kept, dropped = self._life(
                "epoch, last_seq, acked_seq, evidence_bytes, update_bytes, kept_bytes, dropped"
            )
            (evidence_waiting,) = self._connection.execute("SELECT count(*) FROM evidence").fetchone()
            oldest = self._connection.execute("SELECT recorded_s FROM event ORDER BY seq LIMIT 1").fetchone()
        return OutboxStatus(
            epoch=epoch,
            last_seq=last_seq,
            acked_seq=acked_seq,
            waiting=last_seq - acked_seq,
            evidence_waiting=evidence_waiting,
            evidence_bytes=evidence_bytes,
            body_bytes=updates + kept,
            age_s=max(0.0, now.timestamp() - oldest[0]) if oldest else 0.0,
            dropped=dropped,
        )

    # ---- within

    def _commit(self, work: Callable[[], _T]) -> _T:
        try:
            with transaction(self._connection):
                return work()
        except sqlite3.OperationalError as error:
            if not is_full(error) or not self._ballast.let_go():
                raise
            _log.error("the disk is full; the room kept for events is used now", remedy="free some space")
            with transaction(self._connection):
                return work()

    def _life(self, columns: str) -> tuple[Any, ...]:
        with self._lock:
            row: tuple[Any, ...] = self._connection.execute(f"SELECT {columns} FROM life").fetchone()  # noqa: S608
            return row

    def _knows(self, sha256: str) -> bool:
        return self._connection.execute("SELECT 1 FROM evidence WHERE sha256 = ?", (sha256,)).fetchone() is not None

    def _delete_files(self, names: Iterable[str]) -> None:
        """After the commit: a crash in between leaves files that the next start deletes, never names without files."""
        for sha256 in names:
            if not self._knows(sha256):
                self._evidence.delete(sha256)

    def _shrink(self) -> None:
        # Seldom, because it is a commit of its own; after a long outage the file would otherwise stay large for ever.
        (free_pages,) = self._connection.execute("PRAGMA freelist_count").fetchone()
        if free_pages > 2048:
            self._connection.execute("PRAGMA incremental_vacuum").fetchall()
