"""How far a complaint has escalated: derived from history, policy and time, and nowhere stored as a state."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from central.clock.clock import completion_at, first_response_at
from central.clock.history import Entry
from central.clock.policy import Policy, Step, Target


def steps_of(history: Sequence[Entry], policies: Mapping[str, Policy]) -> list[tuple[datetime, Step]]:
    """The steps of the category's policy that were reached, or will be if nothing happens, in order of time.

    Raises:
        ValueError: empty history.
        KeyError: a category without a policy.
    """
    reached = []
    for step in policies[history[-1].category].steps:
        at = first_response_at if step.of is Target.FIRST_RESPONSE else completion_at
        deadline = at(history, policies, step.share)
        if deadline.comes:
            reached.append((deadline.due, step))
    return sorted(reached, key=lambda moment_and_step: (moment_and_step[0], moment_and_step[1].level))


def level_at(history: Sequence[Entry], policies: Mapping[str, Policy], now: datetime) -> int:
    """The highest level whose step was reached by `now`; 0: none."""
    return max((step.level for moment, step in steps_of(history, policies) if moment <= now), default=0)
