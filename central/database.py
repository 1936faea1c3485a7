"""Which database: SQLite beside the other data by default, PostgreSQL by SIGAP_DATABASE."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

SQLITE_BUSY_S = 30
CONNECTION_LASTS_S = 600
"""PostgreSQL learns its catalogue anew in each connection: 20 ms to 40 ms of the first page."""


def sqlite(path: Path) -> dict[str, Any]:
    """WAL for readers beside the writer; FULL because an acknowledged event must survive a power cut; IMMEDIATE because
    SQLite has no row locks: whoever begins a transaction holds the only write lock."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": SQLITE_BUSY_S,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }


def postgresql(url: str, password: str | None = None) -> dict[str, Any]:
    """Reads a libpq URL, for example postgresql://sigap@db.example/sigap?sslmode=verify-full.

    Raises:
        ImproperlyConfigured: not such a URL.
    """
    from psycopg import ProgrammingError, conninfo  # noqa: PLC0415 — a city with SQLite needs no psycopg

    if not url.startswith(("postgresql://", "postgres://")):
        raise ImproperlyConfigured(
            "SIGAP_DATABASE: expected postgresql://USER@HOST:PORT/NAME (the password in SIGAP_DATABASE_PASSWORD_FILE)"
        )
    try:
        parts = dict(conninfo.conninfo_to_dict(url))
    except ProgrammingError as error:
        raise ImproperlyConfigured(f"SIGAP_DATABASE is not a PostgreSQL URL: {error}") from error
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", "sigap"),
        "USER": parts.pop("user", ""),
        "PASSWORD": password or parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "")),
        "CONN_MAX_AGE": CONNECTION_LASTS_S,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {key: value for key, value in parts.items() if key != "password"},
    }


def configured(url: str | None, password: str | None, data: Path) -> dict[str, Any]:
    """The `default` entry of Django's DATABASES."""
    return postgresql(url, password) if url else sqlite(data / "sigap.sqlite3")
