"""Secrets stay with their owner."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from central.security.secrets import SecretError, from_environment, kept_in


def test_made_once_and_only_for_the_owner(tmp_path: Path) -> None:
    path = tmp_path / "var" / "secret_key"
    first = kept_in(path)
    assert len(first) > 50
    assert kept_in(path) == first
    assert path.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["secret_key"]


def test_many_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: kept_in(tmp_path / "key"), range(16)))) == 1


def test_one_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key"
    kept_in(path)
    path.chmod(0o644)
    with pytest.raises(SecretError, match="chmod 600"):
        kept_in(path)


def test_environment_or_the_file_it_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert from_environment("SIGAP_TEST_SECRET") is None
    (tmp_path / "s").write_text("from file\n")
    monkeypatch.setenv("SIGAP_TEST_SECRET_FILE", str(tmp_path / "s"))
    assert from_environment("SIGAP_TEST_SECRET") == "from file"
    monkeypatch.setenv("SIGAP_TEST_SECRET", "direct")
    assert from_environment("SIGAP_TEST_SECRET") == "direct"
    monkeypatch.delenv("SIGAP_TEST_SECRET")
    monkeypatch.setenv("SIGAP_TEST_SECRET_FILE", str(tmp_path / "none"))
    with pytest.raises(SecretError, match="name a file"):
        from_environment("SIGAP_TEST_SECRET")
