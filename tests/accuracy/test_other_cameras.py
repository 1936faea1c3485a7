"""The same streets through other cameras: mirrored, smaller, darker, noisier, fewer pictures a second.

A decision that hangs on these very pixels was tuned, not made.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import pytest

from edge.analyze import FULL
from edge.cameras.offline import VideoReader
from edge.config.cameras import CameraSection
from edge.networks import Networks
from edge.picture import Image, Picture
from edge.watching import watch_for
from models.onnx_detector import OnnxDetector
from tests.accuracy.footage import DETECTOR, camera, clip

pytestmark = pytest.mark.slow
STARE_S = 2.0


@dataclass(frozen=True)
class Lens:
    """What another camera does to a picture."""

    scale: float = 1.0
    mirrored: bool = False
    fps: float = 8.0
    gain: float = 1.0
    noise: float = 0.0

    def image(self, image: Image, random: np.random.Generator) -> Image:
        how = cv2.INTER_AREA if self.scale < 1 else cv2.INTER_CUBIC
        seen = cv2.resize(image, None, fx=self.scale, fy=self.scale, interpolation=how).astype(float)
        seen = seen * self.gain + random.normal(0, self.noise, seen.shape) if self.noise else seen * self.gain
        seen = seen[:, ::-1] if self.mirrored else seen
        return np.ascontiguousarray(np.clip(seen, 0, 255).astype(np.uint8))

    def zones(self, section: CameraSection) -> CameraSection:
        if not self.mirrored:
            return section
        zones = {
            name: zone.model_copy(update={"points": tuple((1 - x, y) for x, y in zone.points)})
            for name, zone in section.zones.items()
        }
        return section.model_copy(update={"zones": zones})


LENSES = [
    pytest.param(Lens(scale=0.6, mirrored=True), id="smaller, mirrored"),
    pytest.param(Lens(gain=0.5, noise=8, fps=6, mirrored=True), id="dark, noisy, six pictures a second"),
    pytest.param(Lens(scale=1.6), id="larger"),
]


@pytest.mark.timeout(900)
@pytest.mark.parametrize("lens", LENSES)
@pytest.mark.parametrize(
    ("name", "jams"), [("dhaka_creeping", {"outbound", "inbound"}), ("jakarta_flowing", set[str]())]
)
def test_another_camera_would_say_the_same(name: str, jams: set[str], lens: Lens) -> None:
    random = np.random.default_rng(1)
    watch = watch_for(name, lens.zones(camera(name)), Networks(OnnxDetector.load(DETECTOR)))
    steps, pictures = [], []
    for taken in VideoReader(clip(name), name, fps=lens.fps):
        pictures.append(Picture(name, taken.time, lens.image(taken.image, random)))
        if pictures[-1].time - pictures[0].time >= STARE_S:
            steps += watch.judge(watch.look(FULL, pictures))
            pictures = pictures[-1:]
    assert {step.about for step in steps if step.phase.value == "opened"} == jams
