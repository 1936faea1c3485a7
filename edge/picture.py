"""One decoded picture of one camera: what a look looks at."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
"""Height × width × 3, BGR, 8 bit: OpenCV's order, kept through the whole box."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with the time at which its camera took it.

    Attributes:
        camera: the camera's id.
        time: seconds since the Unix epoch, UTC. On the box this is the time of arrival; offline it is start + pts.
        image: height × width × 3, BGR.
    """

    camera: str
    time: float
    image: Image

    @property
    def width(self) -> int:
        """Pixels."""
        return int(self.image.shape[1])

    @property
    def height(self) -> int:
        """Pixels."""
        return int(self.image.shape[0])
