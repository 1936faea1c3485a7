"""The outbox's file: made, opened, checked, and set aside when it cannot be trusted."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

from contract.ids import new_epoch
from edge.durable_file import sync_folder

APPLICATION_ID = 0x53494741
"""The letters SIGA: tells our file from anybody else's."""
VERSION = 1

_SCHEMA = """
CREATE TABLE life (
  box TEXT NOT NULL, epoch TEXT NOT NULL,
  last_seq INTEGER NOT NULL DEFAULT 0, sent_seq INTEGER NOT NULL DEFAULT 0, acked_seq INTEGER NOT NULL DEFAULT 0,
  evidence_bytes INTEGER NOT NULL DEFAULT 0, update_bytes INTEGER NOT NULL DEFAULT 0,
  kept_bytes INTEGER NOT NULL DEFAULT 0, dropped INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE event (
  seq INTEGER PRIMARY KEY, episode TEXT NOT NULL, is_update INTEGER NOT NULL, has_evidence INTEGER NOT NULL,
  recorded_s REAL NOT NULL, body BLOB
) STRICT;
CREATE INDEX event_update ON event (episode, seq) WHERE is_update AND body IS NOT NULL;
CREATE TABLE episode (
  camera TEXT NOT NULL, kind TEXT NOT NULL, zone TEXT NOT NULL, state TEXT NOT NULL,
  PRIMARY KEY (camera, kind, zone)
) STRICT, WITHOUT ROWID;
CREATE TABLE evidence (
  place INTEGER PRIMARY KEY AUTOINCREMENT, sha256 TEXT NOT NULL UNIQUE, seq INTEGER NOT NULL,
  of_update INTEGER NOT NULL, bytes INTEGER NOT NULL
) STRICT;
CREATE INDEX evidence_seq ON evidence (seq);

CREATE TRIGGER evidence_in AFTER INSERT ON evidence BEGIN
  UPDATE life SET evidence_bytes = evidence_bytes + NEW.bytes; END;
CREATE TRIGGER evidence_out AFTER DELETE ON evidence BEGIN
  UPDATE life SET evidence_bytes = evidence_bytes - OLD.bytes; END;
CREATE TRIGGER update_in AFTER INSERT ON event WHEN NEW.is_update BEGIN
  UPDATE life SET update_bytes = update_bytes + length(NEW.body); END;
CREATE TRIGGER update_body AFTER UPDATE OF body ON event WHEN NEW.is_update BEGIN
  UPDATE life SET update_bytes = update_bytes + coalesce(length(NEW.body), 0) - coalesce(length(OLD.body), 0); END;
CREATE TRIGGER update_out AFTER DELETE ON event WHEN OLD.is_update BEGIN
  UPDATE life SET update_bytes = update_bytes - coalesce(length(OLD.body), 0); END;
CREATE TRIGGER kept_in AFTER INSERT ON event WHEN NOT NEW.is_update BEGIN
  UPDATE life SET kept_bytes = kept_bytes + length(NEW.body); END;
CREATE TRIGGER kept_body AFTER UPDATE OF body ON event WHEN NOT NEW.is_update BEGIN
  UPDATE life SET kept_bytes = kept_bytes + length(NEW.body) - length(OLD.body); END;
CREATE TRIGGER kept_out AFTER DELETE ON event WHEN NOT OLD.is_update BEGIN
  UPDATE life SET kept_bytes = kept_bytes - length(OLD.body); END;
"""

_log = structlog.get_logger(__name__)


class OutboxError(RuntimeError):
    """The outbox cannot be used; the text says why and what to do."""


class _UnusableError(Exception):
    """Not to be trusted: damaged, or not ours."""


def open_storage(path: Path, box: str, evidence_folder: Path) -> tuple[sqlite3.Connection, Path | None]:
    """Opens the file or makes a new one; gives also where an unusable one was put.

    A file that is damaged, of another program or of another box is renamed, together with the evidence it spoke of,
    and a new one with a new epoch takes its place: no event is numbered by guess, and nothing is deleted.

    Raises:
        OutboxError: in use by another process, made by a newer version, or not writable.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _open(path, box), None
    except _UnusableError as error:
        aside = _set_aside(path, evidence_folder)
        _log.error(
            "outbox set aside",
            reason=str(error),
            path=str(path),
            moved_to=str(aside),
            remedy="events in it that were not acknowledged were not sent; keep it for a look, delete it when done",
        )
        return _open(path, box), aside
    except OSError as error:
        raise OutboxError(_not_writable(path, error.strerror)) from error


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """All or nothing, and on the disk when it is left."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _open(path: Path, box: str) -> sqlite3.Connection:
    path.touch(mode=0o600)
    connection: sqlite3.Connection | None = None
    try:
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=1.0)
        # Exclusive: two processes on one outbox would send under one name and evict each other from the broker.
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        blank = _is_blank(connection)
        if not blank:
            _check(connection, path, box)  # before anything is written: a file that is not ours stays as it is
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        with transaction(connection):
            if blank:
                _create(connection, box)
    except BaseException as error:
        if connection is not None:
            connection.close()
        if isinstance(error, sqlite3.DatabaseError):
            raise _explained(error, path) from error
        raise
    return connection


def _explained(error: sqlite3.DatabaseError, path: Path) -> Exception:
    match error.sqlite_errorcode & 0xFF:
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return _UnusableError(f"damaged: {error}")
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return OutboxError(
                f"the outbox {path} is in use by another process; stop the other sigap-edge, or give this box a "
                "state_dir of its own"
            )
        case _:
            return OutboxError(_not_writable(path, str(error)))


def _not_writable(path: Path, why: str | None) -> str:
    return (
        f"the outbox {path} cannot be opened ({why}); check free space, and that the user that runs sigap-edge may "
        "write this folder"
    )


def _is_blank(connection: sqlite3.Connection) -> bool:
    """New, or left by a crash before the first commit."""
    (objects,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    return bool(objects == 0) and _pragma(connection, "application_id") == 0


def _create(connection: sqlite3.Connection, box: str) -> None:
    for statement in _statements(_SCHEMA):
        connection.execute(statement)
    connection.execute("INSERT INTO life (box, epoch) VALUES (?, ?)", (box, new_epoch()))
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {VERSION}")


def _statements(script: str) -> Iterator[str]:
    """executescript() would commit the transaction it is called in."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _check(connection: sqlite3.Connection, path: Path, box: str) -> None:
    if _pragma(connection, "application_id") != APPLICATION_ID:
        raise _UnusableError("not an outbox of sigap-edge")
    version = _pragma(connection, "user_version")
    if version != VERSION:
        raise OutboxError(
            f"the outbox {path} has format {version}, this sigap-edge knows {VERSION}; run the version that made it "
            "until it is empty, or move the file away and accept the loss of what it still holds"
        )
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise _UnusableError(f"damaged: {verdict}")
    lives = connection.execute("SELECT box, last_seq, acked_seq FROM life").fetchall()
    if len(lives) != 1:
        raise _UnusableError("damaged: it does not say which box and epoch it is of")
    ((owner, last_seq, acked_seq),) = lives
    if owner != box:
        raise _UnusableError(f"it is of box {owner!r}, this is {box!r}")
    found = connection.execute("SELECT count(*), min(seq), max(seq) FROM event").fetchone()
    waiting = last_seq - acked_seq
    if found != ((waiting, acked_seq + 1, last_seq) if waiting else (0, None, None)):
        raise _UnusableError(f"damaged: events {acked_seq + 1} to {last_seq} should wait, found {found}")


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])


def _set_aside(path: Path, evidence_folder: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.name}.set-aside-{number}")).exists():
        number += 1
    # The file itself last: whatever moment this is cut short at, the next start finds it unusable and goes on here.
    if evidence_folder.exists():
        evidence_folder.replace(evidence_folder.with_name(f"{evidence_folder.name}.set-aside-{number}"))
    for suffix in ("-wal", "-shm"):
        companion = path.with_name(path.name + suffix)
        if companion.exists():
            companion.replace(aside.with_name(aside.name + suffix))
    path.replace(aside)
    sync_folder(path.parent)
    return aside
