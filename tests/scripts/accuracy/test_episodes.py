"""Events as the box writes them, gathered into episodes on the clip's clock."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from contract.kinds import IncidentKind
from edge.config.cameras import CameraSection
from edge.incidents.lifecycle import EpisodeState, EpisodeStep, Stage, StepPhase
from edge.transcript import transcript
from scripts.accuracy.episodes import Episode, gather

START = datetime(2026, 1, 1, tzinfo=UTC)
IDS = ("11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222")


def step(phase: StepPhase, time_s: float, *, episode: int = 0, severity: int = 1, **more: object) -> EpisodeStep:
    fields = {"kind": "jam", "about": "road", "measures": {}} | more
    began, state = START.timestamp() + 3.0, EpisodeState(Stage.CONFIRMED)
    return EpisodeStep(
        phase=phase, episode=IDS[episode], camera="north", time=START.timestamp() + time_s, began=began,
        severity=severity, confidence=0.9, reason="Slow.", state=state, **fields,  # type: ignore[arg-type]
    )  # fmt: skip


def lines(*steps: EpisodeStep) -> list[str]:
    events = transcript(steps, box="box", camera=CameraSection(), models={}, config="", recording="clip")
    return [event.to_bytes().decode() for event in events]


def test_the_steps_of_an_episode_are_one() -> None:
    opened, updated, closed = StepPhase.OPENED, StepPhase.UPDATED, StepPhase.CLOSED
    steps = step(opened, 8.0), step(updated, 20.0, severity=3), step(closed, 31.5, severity=3)
    assert gather(lines(*steps), START) == [
        Episode(IncidentKind.JAM, "road", 3.0, 8.0, 31.5, severity=3, reason="Slow.")
    ]


def test_an_episode_that_never_closes_is_open_at_the_end() -> None:
    fault = {"kind": "camera_fault", "about": "dark", "measures": {"fault": "dark"}}
    steps = step(StepPhase.OPENED, 8.0), step(StepPhase.OPENED, 9.0, episode=1, **fault)
    first, second = gather(lines(*steps), START)
    assert (first.about, first.closed_s) == ("road", None)
    assert (second.kind, second.about) == (IncidentKind.CAMERA_FAULT, "dark")


def test_a_close_without_an_open_is_an_error() -> None:
    with pytest.raises(ValueError, match="never opened"):
        gather(lines(step(StepPhase.CLOSED, 8.0)), START)
