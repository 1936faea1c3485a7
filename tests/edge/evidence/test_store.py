import stat

import pytest

from contract.ids import sha256_of
from edge.evidence.store import EvidenceDamagedError, EvidenceStore


def test_put_read_delete(tmp_path):
    store = EvidenceStore(tmp_path / "evidence")
    name = store.put(b"content")
    assert name == sha256_of(b"content")
    assert store.read(name) == b"content"
    assert store.names() == {name}
    store.delete(name)
    store.delete(name)
    assert store.names() == frozenset()


def test_only_the_box_may_read_it(tmp_path):
    store = EvidenceStore(tmp_path / "evidence")
    name = store.put(b"content")
    assert stat.S_IMODE((tmp_path / "evidence").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "evidence" / name).stat().st_mode) == 0o600


def test_changed_and_missing_files_are_found_out(tmp_path):
    store = EvidenceStore(tmp_path)
    name = store.put(b"content")
    (tmp_path / name).write_bytes(b"Content")
    with pytest.raises(EvidenceDamagedError, match="has changed"):
        store.read(name)
    store.delete(name)
    with pytest.raises(EvidenceDamagedError, match="cannot be read"):
        store.read(name)


def test_what_a_crash_left_is_cleaned_up_and_nothing_else(tmp_path):
    store = EvidenceStore(tmp_path)
    wanted, stray = store.put(b"wanted"), store.put(b"stray")
    (tmp_path / f"{wanted}.12345678.partial").write_bytes(b"wan")
    (tmp_path / "README").write_text("somebody's note")
    assert store.keep_only(frozenset({wanted})) == 2
    assert {path.name for path in tmp_path.iterdir()} == {"README", wanted}
    assert stray not in store.names()


def test_a_folder_that_cannot_be_written_leaves_nothing_behind(tmp_path):
    store = EvidenceStore(tmp_path / "evidence")
    (tmp_path / "evidence").rmdir()
    with pytest.raises(FileNotFoundError):
        store.put(b"content")
