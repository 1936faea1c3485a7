"""Waiting for what happens on other threads."""

import time
from collections.abc import Callable


def eventually(condition: Callable[[], object], within_s: float = 20.0, what: str = "it") -> None:
    """Raises AssertionError when the condition does not become true in time."""
    deadline = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not happen within {within_s} s")
        time.sleep(0.02)
