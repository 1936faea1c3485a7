"""A fixed-time programme of two phases: the main street and the crossing one never hold green together."""

from __future__ import annotations

from dataclasses import dataclass

MAIN, CROSS = "main", "cross"
RED, AMBER, GREEN = "red", "amber", "green"


@dataclass(frozen=True, slots=True)
class Signals:
    """Main green begins at `main_from_s` and again each cycle; amber and all-red follow each green."""

    main_from_s: float
    main_green_s: float = 20.0
    cross_green_s: float = 15.0
    amber_s: float = 3.0
    all_red_s: float = 2.0

    @property
    def cycle_s(self) -> float:
        return self.main_green_s + self.cross_green_s + 2 * (self.amber_s + self.all_red_s)

    def colour(self, group: str, time_s: float) -> str:
        """What `group` shows at `time_s`."""
        phase_s = (time_s - self.main_from_s) % self.cycle_s
        green_s = self.main_green_s
        if group == CROSS:
            phase_s -= self.main_green_s + self.amber_s + self.all_red_s
            green_s = self.cross_green_s
        if 0 <= phase_s < green_s:
            return GREEN
        return AMBER if green_s <= phase_s < green_s + self.amber_s else RED

    def all(self, time_s: float) -> dict[str, str]:
        return {group: self.colour(group, time_s) for group in (MAIN, CROSS)}
