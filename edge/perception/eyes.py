"""All that looks at one camera's pictures: the road, water, and whether the picture itself is sound."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from edge.perception.observation import LookKind, Observation, PictureQuality, ZoneWater
from edge.perception.perceive import Perception
from edge.picture import Picture


class WaterEyes(Protocol):
    """Looks for water on a camera's roadway zones; keeps the camera's dry memory."""

    def see(self, picture: Picture, observation: Observation) -> tuple[ZoneWater, ...]:
        """One entry per zone; the observation of the same picture tells what hides the road."""


class QualityEyes(Protocol):
    """Judges pictures as pictures; keeps what this camera usually shows."""

    def see(self, pictures: Sequence[Picture], observation: Observation) -> PictureQuality:
        """Of the newest of these pictures of one look."""


class Eyes:
    """One camera's senses; one thread at a time."""

    def __init__(self, road: Perception, *, water: WaterEyes | None = None, quality: QualityEyes | None = None) -> None:
        self._road = road
        self._water = water
        self._quality = quality

    def look(self, kind: LookKind, pictures: Sequence[Picture], *, water: bool = False) -> Observation:
        """What one look yields.

        Args:
            kind: a glance takes the newest picture only.
            pictures: of one size, oldest first.
            water: whether to look for water, too.

        Raises:
            ValueError: no picture, or pictures of different sizes.
        """
        if not pictures:
            raise ValueError("a look needs at least one picture")
        newest = pictures[-1]
        observation = self._road.glance(newest) if kind is LookKind.GLANCE else self._road.stare(pictures)
        if self._quality is not None:
            observation = replace(observation, quality=self._quality.see(pictures, observation))
        if water and self._water is not None:
            observation = replace(observation, water=self._water.see(newest, observation))
        return observation
