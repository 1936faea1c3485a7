"""What one look says about one kind of incident in one zone."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Verdict:
    """A look's answer; where a look cannot tell there is no verdict (None).

    Attributes:
        present: whether the look shows the problem.
        severity: 1 (nuisance) to 4 (danger), of this look.
        confidence: 0–1, how far the measures stand from the thresholds that decide.
        reason: a sentence that a person can check against the picture.
        measures: by the names of the wire's `Measures`, units in the names.
        began: onset, where the rule knows it better than the looks tell (a thing that stands since then), epoch
            seconds; None: the first look that showed the problem.
        spot: longitude and latitude of what decided, where the camera is calibrated on the map.
        doubt: why a person must judge; empty: beyond doubt.
        opens: whether a look like this one may open an episode; others only keep a suspicion alive.
    """

    present: bool
    severity: int
    confidence: float
    reason: str
    measures: Mapping[str, float | str] = field(default_factory=dict)
    began: float | None = None
    spot: tuple[float, float] | None = None
    doubt: str = ""
    opens: bool = True

    def __post_init__(self) -> None:
        if self.severity not in {1, 2, 3, 4}:
            raise ValueError(f"severity is 1 to 4, not {self.severity}")
        if not 0 <= self.confidence <= 1:
            raise ValueError(f"confidence is 0 to 1, not {self.confidence}")
