"""Rain and rising water over time, and how slowly one drives through it."""

from __future__ import annotations

from dataclasses import dataclass

Course = tuple[tuple[float, float], ...]

NO_WATER_M = -1.0
CRAWL_KMH = 5.0
IMPASSABLE_MM = 300.0


def smoothstep(share: float) -> float:
    """0 to 1 with a gentle start and end."""
    share = min(1.0, max(0.0, share))
    return share * share * (3 - 2 * share)


def along(course: Course, time_s: float) -> float:
    """The value of a course of (time_s, value) knots at a time: smooth between them, held before and after."""
    before = course[0]
    for knot in course:
        if time_s < knot[0]:
            if knot is course[0]:
                return knot[1]
            share = (time_s - before[0]) / (knot[0] - before[0])
            return before[1] + (knot[1] - before[1]) * smoothstep(share)
        before = knot
    return before[1]


@dataclass(frozen=True, slots=True)
class Hydrograph:
    """Courses of the level over the ground plane (m), of rain and of wetness (0-1)."""

    water_m: Course = ((0.0, NO_WATER_M),)
    rain: Course = ((0.0, 0.0),)
    wet: Course = ((0.0, 0.0),)

    def level_m(self, time_s: float) -> float:
        return along(self.water_m, time_s)

    def limit_ms(self, time_s: float) -> float:
        """How fast one drives at this time on the ground plane; on a dry street there is no limit."""
        return flood_speed_ms(self.level_m(time_s))


def flood_speed_ms(depth_m: float) -> float:
    """The speed that water of this depth allows; beyond 0.3 m, where cars no longer drive, they crawl.

    Pregnolato, Ford, Wilkinson, Dawson (2017), "The impact of flooding on road transport: a depth-disruption
    function", Transportation Research Part D 55, 67-81: v = 0.0009 w² - 0.5529 w + 86.9448 (km/h, w in mm).
    """
    if depth_m <= 0:
        return 99.0
    depth_mm = min(depth_m * 1000, IMPASSABLE_MM)
    return max(CRAWL_KMH, 0.0009 * depth_mm**2 - 0.5529 * depth_mm + 86.9448) / 3.6
