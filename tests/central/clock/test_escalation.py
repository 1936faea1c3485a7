"""Steps of a policy, reached by the clock."""

from dataclasses import replace

import pytest

from central.clock.escalation import level_at, steps_of
from central.clock.policy import Step, Target
from tests.central.clock.test_clock import BOOK, HOUR, entry
from tests.central.moments import at

STEPS = (
    Step(Target.COMPLETION, 150, 3),
    Step(Target.FIRST_RESPONSE, 50, 1),
    Step(Target.COMPLETION, 100, 2),
)
STEPPED = {name: replace(policy, steps=STEPS) for name, policy in BOOK.items()}


def test_steps_come_in_order_of_time() -> None:
    assert steps_of([entry(0)], STEPPED) == [
        (at(3 * HOUR), STEPS[1]),
        (at(100 * HOUR), STEPS[2]),
        (at(150 * HOUR), STEPS[0]),
    ]
    levels = [level_at([entry(0)], STEPPED, at(hours * HOUR)) for hours in (0, 3, 99, 100, 150)]
    assert levels == [0, 1, 1, 2, 3]


def test_what_was_answered_or_stopped_before_never_comes() -> None:
    assert [step.percent for _at, step in steps_of([entry(0), entry(2, answered=True)], STEPPED)] == [100, 150]
    stopped = [entry(0), entry(120, running=False)]
    assert [step.percent for _at, step in steps_of(stopped, STEPPED)] == [50, 100]


def test_another_agency_begins_anew() -> None:
    handed_over = [entry(0), entry(101, "sda")]
    assert level_at(handed_over, STEPPED, at(102 * HOUR)) == 0
    assert level_at(handed_over, STEPPED, at(201 * HOUR)) == 2


@pytest.mark.parametrize(("percent", "level"), [(0, 1), (1, 0)])
def test_steps_that_cannot_be(percent: int, level: int) -> None:
    with pytest.raises(ValueError, match="begin at 1"):
        Step(Target.COMPLETION, percent, level)
