"""Errands: done again and again, whatever one of them does."""

import itertools
import threading
from datetime import datetime, timedelta

import pytest

from central.outbox import errands
from central.outbox.errands import Errand, Errands
from tests.central.moments import NOON


def test_a_failing_errand_is_tried_again_and_hinders_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errands, "STEP_S", 0.001)
    monkeypatch.setattr(errands, "close_old_connections", lambda: None)
    clock = iter(NOON + timedelta(seconds=second) for second in range(100_000))
    failed, done, enough = [], [], threading.Event()

    def fails(now: datetime) -> None:
        failed.append(now)
        raise RuntimeError("as it is told")

    def works(now: datetime) -> None:
        done.append(now)
        if len(done) == 3:
            enough.set()

    running = Errands(
        [Errand(fails, timedelta(seconds=1)), Errand(works, timedelta(seconds=60))], clock=lambda: next(clock)
    )
    running.start()
    assert enough.wait(20)
    running.stop()
    assert len(failed) > len(done)
    assert all(later - earlier >= timedelta(seconds=60) for earlier, later in itertools.pairwise(done))
