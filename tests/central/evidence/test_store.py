"""Every store keeps the same promises."""

from pathlib import Path

import pytest

from central.evidence.store import EvidenceStore, FolderStore, MemoryStore
from contract.ids import sha256_of

NAME = sha256_of(b"picture")


@pytest.fixture(params=[FolderStore, MemoryStore])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> EvidenceStore:
    return FolderStore(tmp_path / "e") if request.param is FolderStore else MemoryStore()


def test_put_and_open(store: EvidenceStore) -> None:
    store.put(NAME, b"picture")
    store.put(NAME, b"picture")
    with store.open(NAME) as file:
        assert file.read() == b"picture"


def test_delete(store: EvidenceStore) -> None:
    store.put(NAME, b"picture")
    store.delete(NAME)
    store.delete(NAME)
    with pytest.raises(FileNotFoundError):
        store.open(NAME)


@pytest.mark.parametrize("name", [sha256_of(b"other"), "../../etc/passwd", "", "A" * 64])
def test_unknown_name(store: EvidenceStore, name: str) -> None:
    with pytest.raises(FileNotFoundError):
        store.open(name)


def test_folder_holds_no_drafts_and_nobody_else_reads(tmp_path: Path) -> None:
    FolderStore(tmp_path / "e").put(NAME, b"picture")
    [file] = [path for path in (tmp_path / "e").rglob("*") if path.is_file()]
    assert file.name == NAME
    assert file.stat().st_mode & 0o077 == 0
