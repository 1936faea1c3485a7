"""The `broker` fixture: a real broker, its store in a temporary folder. Use: `from tests.brokers import broker`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.broker import Broker


@pytest.fixture
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """One for each test, running; `kill`, `start`, `pause` and `resume` are for the test to call."""
    store: Path = tmp_path_factory.mktemp("broker")
    with Broker(store) as running:
        yield running
