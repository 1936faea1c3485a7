"""Camera fault: a picture that nobody can work with, told from one look's picture quality.

Where several signs are there, the first of dark, frozen, covered, defocused, moved is named; the later ones then cannot
be told and wait. Night is not dark while anything is lit; a lorry, lightning or headlights pass before the minimum
duration has. A camera that sends nothing at all is in `offline.py`.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from contract.kinds import CameraFault, IncidentKind
from edge.attention.wish import Wish
from edge.incidents.lifecycle import Stage, Timing
from edge.incidents.rule import States
from edge.incidents.verdict import Verdict
from edge.perception.observation import LookKind, Observation, PictureQuality

DARK_BRIGHTNESS, DARK_LIT = 0.06, 0.04
"""Mean grey and lit share, 0–1, under which a picture is dark: a caption in white letters lights about 0.01."""
FROZEN_S = 10.0
STILL_S = 300.0
"""So long must nothing at all have moved where pictures are not the same to the last bit: at a tight bit rate encoding
changes as much as a quiet sensor does."""
COVERED_SHARE = 0.35
"""Of the view's parts with structure."""
HIDDEN_SHARE, UNHIDDEN_SHARE = 0.6, 0.15
"""Lost from sight, though not flat, while the rest is exactly in its place: something with a pattern hides it."""
BLURRED = 0.45
"""Fine detail over the usual: a blur of about 1.5 px (Gaussian, of 640) leaves half of it."""
SHIFTED_SHARE = 0.025
"""Of the picture's width: what a zone can bear."""
ROLLED_DEG = 2.5
ELSEWHERE_KEPT = 0.15
"""Of the view; with less in its place, and none of it found elsewhere, the camera sees something else."""
STAY = 0.7
"""Once suspected, a fault stays one until it is clearly over: shares and shifts may shrink to so much."""
UPDATE_EVERY_S = 600.0

IDLE_EVERY_S, SOONEST_S, SUSPECTED_EVERY_S = 5.0, 1.0, 2.0
LOOKS_A_DURATION = 5
"""A short minimum duration asks for quicker looks."""

FROM_THE_PICTURE = (
    CameraFault.DARK,
    CameraFault.FROZEN,
    CameraFault.COVERED,
    CameraFault.DEFOCUSED,
    CameraFault.MOVED,
)
"""The faults that a look tells, in the order in which they are named."""

FROM_THE_USUAL_VIEW = (CameraFault.COVERED, CameraFault.DEFOCUSED, CameraFault.MOVED)
"""Those that nobody can tell who has forgotten what the camera usually shows."""


@dataclass(frozen=True, slots=True)
class CameraFaultSettings:
    """What is looked for on one camera.

    Attributes:
        faults: which of `FROM_THE_PICTURE`.
        min_duration_s: so long must a fault have lasted.
        hold_s: so long must it be gone before the episode closes.
        focal_share: focal length over the picture's width, where it is known: turns a shift into degrees.
    """

    faults: tuple[CameraFault, ...] = FROM_THE_PICTURE
    min_duration_s: float = 60.0
    hold_s: float = 60.0
    focal_share: float | None = None

    @property
    def timing(self) -> Timing:
        """How fast its episodes open and close."""
        return Timing(self.min_duration_s, self.hold_s, update_every_s=UPDATE_EVERY_S)


class CameraFaultRule:
    """Faults of one camera's picture."""

    kind = IncidentKind.CAMERA_FAULT

    def __init__(self, settings: CameraFaultSettings) -> None:
        self._settings = settings
        self._knows_view = False
        self._absent: dict[CameraFault, float] = {}

    @property
    def about(self) -> tuple[str, ...]:
        """The faults."""
        return tuple(fault.value for fault in self._settings.faults)

    @property
    def timing(self) -> Timing:
        """How fast its episodes open and close."""
        return self._settings.timing

    def judge(self, observation: Observation, states: States) -> dict[str, Verdict]:
        """See `judge`; nothing where nobody looked at the picture's quality."""
        quality = observation.quality
        if quality is None:
            return {}
        self._knows_view = quality.alike is not None
        suspected = frozenset(CameraFault(fault) for fault, state in states.items() if state.began is not None)
        verdicts = judge(quality, observation.time, self._settings, suspected)
        for fault, verdict in verdicts.items():
            verdicts[fault] = self._dated(fault, verdict, observation.time, begins=fault not in suspected)
        return {fault.value: verdicts[fault] for fault in self._settings.faults if fault in verdicts}

    def _dated(self, fault: CameraFault, verdict: Verdict, time: float, *, begins: bool) -> Verdict:
        """With its onset: midway between the last look without the fault and the first one with it."""
        if not verdict.present:
            self._absent[fault] = time
            return verdict
        before = self._absent.pop(fault, None)
        if not begins or verdict.began is not None or before is None or time - before > 2 * IDLE_EVERY_S:
            return verdict
        return replace(verdict, began=(before + time) / 2)

    def wish(self, now: float, states: States) -> Wish:  # noqa: ARG002 — what it wants does not depend on the time
        """A glance now and then; sooner while something is suspected or the usual view is being learned."""
        every_s = min(max(self._settings.min_duration_s / LOOKS_A_DURATION, SOONEST_S), IDLE_EVERY_S)
        stages = {state.stage for state in states.values()}
        if not self._knows_view or stages & {Stage.SUSPECTED, Stage.CLEARING}:
            every_s = min(every_s, SUSPECTED_EVERY_S)
        return Wish(LookKind.GLANCE, every_s)


@dataclass(frozen=True, slots=True)
class _Sign:
    """What a look says about one fault.

    Attributes:
        over: how far over its threshold the measure is: 1 at it, more beyond; under 1 there is no such fault.
    """

    over: float
    severity: int
    reason: str
    measures: Mapping[str, float | str]
    began: float | None = None


def judge(
    quality: PictureQuality,
    time: float,
    settings: CameraFaultSettings = CameraFaultSettings(),
    suspected: frozenset[CameraFault] = frozenset(),
) -> dict[CameraFault, Verdict]:
    """What a look says, by fault; at most one is present, and those after it are left out: nobody can tell.

    Args:
        quality: of the look's newest picture.
        time: of that picture, epoch seconds.
        settings: only the focal length matters here.
        suspected: the faults that are suspected or open.
    """
    verdicts: dict[CameraFault, Verdict] = {}
    for fault in FROM_THE_PICTURE:
        ease = STAY if fault in suspected else 1.0
        sign = _SIGNS[fault](quality, time, settings, ease)
        if sign is None:
            continue
        present = sign.over >= 1
        confidence = round(min(0.5 + 0.9 * (sign.over - 1), 0.95), 3) if present else 0.9
        verdicts[fault] = Verdict(
            present, sign.severity if present else 1, confidence, sign.reason, sign.measures, sign.began
        )
        if present:
            break
    return verdicts


def _dark(quality: PictureQuality, _time: float, _settings: CameraFaultSettings, ease: float) -> _Sign:
    over = min(DARK_BRIGHTNESS / ease / max(quality.brightness, 1e-3), DARK_LIT / ease / max(quality.lit_share, 1e-3))
    reason = f"{_percent(quality.lit_share)} of the picture is lit, mean brightness {_percent(quality.brightness)}"
    return _Sign(over, 3, reason, {})


def _frozen(quality: PictureQuality, time: float, _settings: CameraFaultSettings, _ease: float) -> _Sign:
    if quality.frozen_s >= FROZEN_S:
        reason = f"The same picture for {quality.frozen_s:.0f} s while packets flow"
        return _Sign(1 + (quality.frozen_s - FROZEN_S) / 60, 3, reason, {}, time - quality.frozen_s)
    if quality.still_s >= STILL_S:
        reason = f"Nothing in the picture has moved for {quality.still_s:.0f} s while packets flow"
        return _Sign(quality.still_s / STILL_S, 3, reason, {}, time - quality.still_s)
    return _Sign(0.0, 3, "The picture changes", {})


def _covered(quality: PictureQuality, _time: float, _settings: CameraFaultSettings, ease: float) -> _Sign | None:
    covered, lost, kept = quality.covered_share, quality.lost_share, quality.kept_share
    if covered is None or lost is None or kept is None:
        return None
    at_rest = quality.shift_share == 0 and quality.roll_deg == 0
    over = covered / (COVERED_SHARE * ease)
    if at_rest and kept >= UNHIDDEN_SHARE and lost >= HIDDEN_SHARE * ease:
        over, covered = max(over, lost / (HIDDEN_SHARE * ease)), max(covered, lost)
    blurred = quality.sharpness is not None and quality.sharpness < BLURRED
    elsewhere = quality.shift_share is not None and not at_rest
    if over >= 1 and (blurred or elsewhere):
        return _Sign(0.0, 1, "What is seen of the view is blurred or out of place rather than covered", {})
    return _Sign(over, 3 if covered >= 0.8 else 2, f"{_percent(covered)} of the usual view is hidden", {})


def _defocused(quality: PictureQuality, _time: float, _settings: CameraFaultSettings, ease: float) -> _Sign | None:
    if quality.sharpness is None:
        return None
    over = BLURRED / ease / max(quality.sharpness, 0.02)
    reason = f"{_percent(quality.sharpness)} of the usual fine detail is left"
    return _Sign(over, 3 if quality.sharpness < 0.15 else 2, reason, {})


def _moved(quality: PictureQuality, _time: float, settings: CameraFaultSettings, ease: float) -> _Sign | None:
    if quality.kept_share is None or quality.lost_share is None:
        return None
    kept = f"{_percent(quality.kept_share)} of the usual view is in its place"
    if quality.shift_share is None or quality.roll_deg is None:
        gone = quality.kept_share <= ELSEWHERE_KEPT / ease and quality.lost_share >= HIDDEN_SHARE * ease
        return _Sign(1.1, 3, f"{kept}, and none of it is found elsewhere in the picture", {}) if gone else None
    over = max(quality.shift_share / (SHIFTED_SHARE * ease), abs(quality.roll_deg) / (ROLLED_DEG * ease))
    measures: dict[str, float | str] = {"shift_share": round(quality.shift_share, 4)}
    turned_deg = turned(quality.shift_share, quality.roll_deg, settings.focal_share)
    if turned_deg is not None:
        measures["turned_deg"] = round(turned_deg, 1)
    if over < 1:
        return _Sign(over, 1, kept, measures)
    by = [f"shifted by {_percent(quality.shift_share)} of the picture's width"] if quality.shift_share > 0 else []
    by += [f"rolled by {abs(quality.roll_deg):.0f}°"] if quality.roll_deg else []
    return _Sign(over, 3 if over >= 4 else 2, f"The view is {' and '.join(by)}; {kept}", measures)


_SIGNS: dict[CameraFault, Callable[[PictureQuality, float, CameraFaultSettings, float], _Sign | None]] = {
    CameraFault.DARK: _dark,
    CameraFault.FROZEN: _frozen,
    CameraFault.COVERED: _covered,
    CameraFault.DEFOCUSED: _defocused,
    CameraFault.MOVED: _moved,
}


def turned(shift_share: float, roll_deg: float, focal_share: float | None) -> float | None:
    """By how many degrees a camera has turned; None where a shift tells nothing without the focal length.

    Args:
        shift_share: of the picture's width.
        roll_deg: about the line of sight.
        focal_share: focal length over the picture's width.
    """
    if focal_share is None:
        return abs(roll_deg) if shift_share == 0 else None
    return math.hypot(math.degrees(math.atan(shift_share / focal_share)), roll_deg)


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
