"""Which database."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from central.database import configured, postgresql


def test_sqlite_beside_the_other_data(tmp_path: Path) -> None:
    chosen = configured(None, None, tmp_path)
    assert chosen["NAME"] == str(tmp_path / "sigap.sqlite3")
    assert chosen["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_postgresql_url() -> None:
    chosen = postgresql("postgresql://sigap@db.example:5433/kota?sslmode=verify-full", "s3cret")
    assert (chosen["NAME"], chosen["USER"], chosen["HOST"], chosen["PORT"]) == ("kota", "sigap", "db.example", "5433")
    assert (chosen["PASSWORD"], chosen["OPTIONS"]) == ("s3cret", {"sslmode": "verify-full"})


@pytest.mark.parametrize("url", ["mysql://x/y", "postgresql://a b c/?nonsense=1", "sigap"])
def test_other_urls_are_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="SIGAP_DATABASE"):
        postgresql(url)
