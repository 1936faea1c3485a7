"""Evidence and its statement find each other in either order; what nobody signed for is not kept."""

import pytest

from central.evidence import arriving
from central.evidence.arriving import UNCLAIMED_FOR, sweep
from central.evidence.exhibits import lead_still, of_incident
from central.evidence.models import Blob, Exhibit
from central.evidence.store import FolderStore
from central.feed.models import Change
from central.incidents.models import Incident
from central.intake.applying import apply_pending
from central.intake.committing import AckDue, commit_events
from central.intake.handling import handle_evidence, handle_reports
from central.intake.models import Quarantined
from central.intake.subscription import Message
from contract.evidence import MAX_EVIDENCE_BYTES
from contract.ids import sha256_of
from contract.kinds import EvidenceRole
from contract.topics import EvidenceTopic
from tests.central.fakebox import JPEG, FakeBox, episode
from tests.central.moments import NOON, at

pytestmark = pytest.mark.django_db


def have(due: list[AckDue]) -> list[str]:
    return [name for ack in due for name in ack.ack.have]


def send(box: FakeBox, content: bytes, name: str | None = None) -> Message:
    return Message(EvidenceTopic(box.id, name or sha256_of(content)).path, content)


def test_event_first(box: FakeBox, folder_store: FolderStore) -> None:
    manifest, still = box.still()
    commit_events([box.opened(episode(), evidence=(manifest,))], NOON)
    apply_pending(NOON)
    assert not Exhibit.objects.get().arrived
    due = handle_evidence([still], at(1), folder_store)
    assert have(due) == [manifest.manifest.sha256]
    assert due[0].ack.seq == 1
    exhibit = Exhibit.objects.get()
    assert exhibit.arrived
    assert Blob.objects.get().claimed == at(1)
    assert Change.objects.filter(topic="incident", what="evidence").exists()
    with folder_store.open(exhibit.sha256) as file:
        assert file.read() == JPEG


def test_bytes_first(box: FakeBox, folder_store: FolderStore) -> None:
    manifest, still = box.still()
    handle_reports([box.status()], NOON)
    assert have(handle_evidence([still], NOON, folder_store)) == [manifest.manifest.sha256]
    assert Blob.objects.get().claimed is None
    commit_events([box.opened(episode(), evidence=(manifest,))], at(1))
    apply_pending(at(1))
    assert Blob.objects.get().claimed == at(1)
    assert Exhibit.objects.get().arrived


def test_duplicates_are_had_again(box: FakeBox, folder_store: FolderStore) -> None:
    handle_reports([box.status()], NOON)
    _, still = box.still()
    first = have(handle_evidence([still], NOON, folder_store))
    assert have(handle_evidence([still], at(1), folder_store)) == first
    assert Blob.objects.count() == 1


def test_heartbeat_tells_again_what_is_had(box: FakeBox, folder_store: FolderStore) -> None:
    handle_reports([box.status()], NOON)
    manifest, still = box.still()
    handle_evidence([still], NOON, folder_store)
    assert have(handle_reports([box.status(5)], at(5))) == [manifest.manifest.sha256]
    assert have(handle_reports([box.status(500)], at(500))) == []


@pytest.mark.parametrize(
    ("content", "name", "told", "final"),
    [
        (JPEG, sha256_of(b"other"), "not those named", False),
        (b"<html>", None, "neither a JPEG nor an MP4", True),
        (b"\xff\xd8\xff" + bytes(MAX_EVIDENCE_BYTES), None, "at most", True),
    ],
    ids=["another name", "another type", "too large"],
)
def test_what_does_not_hold_is_set_aside(  # noqa: PLR0917 — pytest passes them by name
    box: FakeBox, folder_store: FolderStore, content: bytes, name: str | None, told: str, final: bool
) -> None:
    handle_reports([box.status()], NOON)
    due = handle_evidence([send(box, content, name)], NOON, folder_store)
    assert told in Quarantined.objects.get().reason
    assert len(bytes(Quarantined.objects.get().payload)) <= 4096
    assert not Blob.objects.exists()
    assert bool(have(due)) == final


def test_mp4_is_taken(box: FakeBox, folder_store: FolderStore) -> None:
    handle_reports([box.status()], NOON)
    handle_evidence([send(box, b"\x00\x00\x00\x18ftypisom....")], NOON, folder_store)
    assert Blob.objects.get().media_type == "video/mp4"


def test_stranger_leaves_nothing(db: None, folder_store: FolderStore) -> None:
    _, still = FakeBox("stranger").still()
    assert handle_evidence([still], NOON, folder_store) == []
    assert not Blob.objects.exists()


def test_unclaimed_is_dropped_after_a_while_and_claimed_stays(box: FakeBox, folder_store: FolderStore) -> None:
    manifest, still = box.still()
    commit_events([box.opened(episode(), evidence=(manifest,))], NOON)
    apply_pending(NOON)
    handle_evidence([still, send(box, JPEG + b"nobody's")], NOON, folder_store)
    assert sweep(NOON + UNCLAIMED_FOR, folder_store) == 0
    assert sweep(at(1) + UNCLAIMED_FOR, folder_store) == 1
    assert Blob.objects.get().sha256 == manifest.manifest.sha256
    with pytest.raises(FileNotFoundError):
        folder_store.open(sha256_of(JPEG + b"nobody's"))


def test_what_a_manifest_names_stays_even_if_both_came_at_the_same_moment(
    box: FakeBox, folder_store: FolderStore
) -> None:
    manifest, still = box.still()
    commit_events([box.opened(episode(), evidence=(manifest,))], NOON)
    apply_pending(NOON)
    handle_evidence([still], NOON, folder_store)
    Blob.objects.update(claimed=None)  # as when neither transaction could see the other
    assert sweep(at(1) + UNCLAIMED_FOR, folder_store) == 0


def test_box_may_not_fill_the_disk_with_what_it_never_names(
    box: FakeBox, folder_store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arriving, "UNCLAIMED_FILES", 2)
    handle_reports([box.status()], NOON)
    pieces = [send(box, JPEG + bytes([number])) for number in range(3)]
    assert len(have(handle_evidence(pieces, NOON, folder_store))) == 2
    assert "its events must come first" in Quarantined.objects.get().reason
    manifest, named = box.still()
    commit_events([box.opened(episode(), evidence=(manifest,))], NOON)
    apply_pending(NOON)
    assert have(handle_evidence([named], NOON, folder_store)) == [manifest.manifest.sha256]


def test_signature_of_the_stored_manifest_still_verifies(box: FakeBox) -> None:
    from contract.evidence import SignedManifest

    manifest, _ = box.still()
    commit_events([box.opened(episode(), evidence=(manifest,))], NOON)
    apply_pending(NOON)
    exhibit = Exhibit.objects.get()
    again = SignedManifest.model_validate({"manifest": exhibit.manifest, "signature": exhibit.signature})
    again.verify(box.key.public_key(), box.id)


def test_lead_still_prefers_the_worst_moment_that_is_here(box: FakeBox, folder_store: FolderStore) -> None:
    opened, first = box.still(JPEG + b"1", EvidenceRole.OPENED, 0)
    worst, second = box.still(JPEG + b"2", EvidenceRole.WORST, 60)
    jam = episode()
    commit_events([box.opened(jam, evidence=(opened,)), box.updated(jam, 60, evidence=(opened, worst))], at(60))
    apply_pending(at(60))
    incident = Incident.objects.get()
    assert lead_still([incident.pk]) == {}
    handle_evidence([first], at(61), folder_store)
    assert lead_still([incident.pk])[incident.pk].role == "opened"
    assert [exhibit.arrived for exhibit in of_incident(incident)] == [True, False]
    handle_evidence([second], at(62), folder_store)
    assert lead_still([incident.pk])[incident.pk].role == "worst"
