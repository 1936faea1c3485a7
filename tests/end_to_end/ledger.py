"""What the centre has written down, read from its database while it runs."""

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class FiledComplaint:
    """A complaint and its incident."""

    number: str
    kind: str
    place: str
    agency: str
    state: str
    ended: bool
    incident: int
    incident_state: str
    camera: str


@dataclass(frozen=True, slots=True)
class ClaimedEvidence:
    """A piece of evidence as its signed manifest describes it, and whether the bytes are here."""

    role: str
    media_type: str
    manifest: dict[str, Any]
    arrived: bool


class Ledger:
    """Reads only.

    Args:
        data: the centre's SIGAP_DATA.
    """

    def __init__(self, data: Path) -> None:
        self._data = data

    def complaints(self) -> list[FiledComplaint]:
        """In the order of their numbers."""
        rows = self.rows(
            "SELECT c.number, c.kind, c.place, c.agency_id, c.state, c.ended IS NOT NULL, i.id, i.state, k.code "
            "FROM complaints_complaint c JOIN incidents_incident i ON i.id = c.incident_id "
            "JOIN boxes_camera k ON k.id = i.camera_id ORDER BY c.number"
        )
        return [FiledComplaint(*row[:5], bool(row[5]), *row[6:]) for row in rows]

    def complaint(self, number: str) -> FiledComplaint:
        """The one of that number."""
        (found,) = (complaint for complaint in self.complaints() if complaint.number == number)
        return found

    def kinds_and_zones(self) -> set[tuple[str, str]]:
        """Of every episode the box told of."""
        return set(self.rows("SELECT kind, zone FROM incidents_episode"))

    def episodes(self, incident: int) -> list[tuple[str, str]]:
        """(phase, how it closed) of an incident's episodes."""
        return self.rows("SELECT phase, closing FROM incidents_episode WHERE incident_id = ?", incident)

    def lasted_s(self, incident: int) -> float:
        """From the onset to the look that closed it, of an incident of one episode."""
        ((began, seen),) = self.rows("SELECT began, seen FROM incidents_episode WHERE incident_id = ?", incident)
        return (datetime.fromisoformat(seen) - datetime.fromisoformat(began)).total_seconds()

    def stills(self, incident: int) -> list[ClaimedEvidence]:
        """Masked stills of an incident, in the order of time."""
        return self._evidence(incident, "image/jpeg")

    def clips(self, incident: int) -> list[ClaimedEvidence]:
        """Masked clips of an incident, in the order of time."""
        return self._evidence(incident, "video/mp4")

    def _evidence(self, incident: int, media_type: str) -> list[ClaimedEvidence]:
        rows = self.rows(
            "SELECT e.role, e.media_type, e.manifest, b.sha256 IS NOT NULL FROM evidence_exhibit e "
            "JOIN incidents_episode p ON p.id = e.episode_id LEFT JOIN evidence_blob b ON b.sha256 = e.sha256 "
            "WHERE p.incident_id = ? AND e.media_type = ? ORDER BY e.time",
            incident,
            media_type,
        )
        return [ClaimedEvidence(role, kind, json.loads(manifest), bool(here)) for role, kind, manifest, here in rows]

    def stored(self, sha256: str) -> bytes:
        """The file in the evidence store."""
        return (self._data / "evidence" / sha256[:2] / sha256).read_bytes()

    def seqs(self) -> list[int]:
        """Of every event committed, all epochs."""
        return [seq for (seq,) in self.rows("SELECT seq FROM intake_inbox ORDER BY stream_id, seq")]

    def camera(self, code: str) -> tuple[str, str]:
        """State and reason as the box last told; empty before it did."""
        rows = self.rows("SELECT state, reason FROM boxes_camera WHERE code = ?", code)
        return rows[0] if rows else ("", "")

    def check_whole(self) -> None:
        """Every event of the one outbox is here once, in a gapless row, and was understood."""
        seqs = self.seqs()
        assert seqs == list(range(1, len(seqs) + 1))
        assert len(self.rows("SELECT 1 FROM intake_stream")) == 1
        assert self.rows("SELECT first_seq, last_seq FROM intake_gap") == []
        assert self.rows("SELECT topic, reason FROM intake_quarantined") == []
        assert self.rows("SELECT seq FROM intake_inbox WHERE state = 'quarantined'") == []

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of a query."""
        address = f"file:{self._data / 'sigap.sqlite3'}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, timeout=30)) as connection:
            return connection.execute(query, values).fetchall()
