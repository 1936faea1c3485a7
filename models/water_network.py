"""What a network of water is, and one that reads from a script."""

from collections.abc import Callable, Sequence
from typing import Protocol

from models.detector import Image, require_image
from models.water import WaterSeen


class WaterNetwork(Protocol):
    """Sees where pictures show water, and whether they show a flood."""

    @property
    def flood_above(self) -> float:
        """Probability from which a picture shows a flood."""
        ...

    @property
    def inferences(self) -> int:
        """How many pictures have gone through the network so far."""
        ...

    def look(self, images: Sequence[Image]) -> list[WaterSeen]:
        """What is seen in each picture, in the order given.

        Raises:
            ValueError: a picture is not uint8 [height, width, 3] or is empty.
        """
        ...


class ScriptedWater:
    """A network that asks a function what it sees: for tests.

    Example:
        >>> import numpy as np
        >>> dry = ScriptedWater(lambda image: WaterSeen(np.zeros((2, 2), np.float32), flood=0.1, above=0.5))
        >>> [seen.share for seen in dry.look([np.zeros((4, 4, 3), np.uint8)])]
        [0.0]
    """

    def __init__(self, script: Callable[[Image], WaterSeen], flood_above: float = 0.5) -> None:
        self.flood_above = flood_above
        self.inferences = 0
        self._script = script

    def look(self, images: Sequence[Image]) -> list[WaterSeen]:
        """What the script says of each."""
        for image in images:
            require_image(image)
        self.inferences += len(images)
        return [self._script(image) for image in images]
