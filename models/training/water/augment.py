"""Strong augmentation: where the camera stands, what light there is, what weather and which lens and codec."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Matrix = NDArray[np.float64]
Random = np.random.Generator


@dataclass(frozen=True, slots=True)
class Placement:
    """How a picture lies on the canvas: scaled, stretched a little, turned, mirrored, shifted; black beside it.

    Attributes:
        scale: canvas pixels per picture pixel, downwards.
        stretch: the same across, as a multiple of `scale`.
        turn_deg: counter-clockwise.
        mirrored: left and right exchanged.
        left: where the picture's centre lies on the canvas, in canvas pixels.
        top: the same downwards.
    """

    scale: float
    stretch: float
    turn_deg: float
    mirrored: bool
    left: float
    top: float

    def matrix(self, shape: tuple[int, ...]) -> Matrix:
        """2 × 3, from pixels of a picture of this shape to pixels of the canvas."""
        turn = np.deg2rad(self.turn_deg)
        rotation = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
        across = self.scale * self.stretch * (-1 if self.mirrored else 1)
        linear = rotation @ np.diag([across, self.scale])
        centre = np.array([(shape[1] - 1) / 2, (shape[0] - 1) / 2])
        return np.column_stack([linear, np.array([self.left, self.top]) - linear @ centre])


def whole(shape: tuple[int, ...], canvas: tuple[int, int]) -> Placement:
    """As at run time: all of the picture, as large as fits, at the upper left."""
    scale = min(canvas[0] / shape[0], canvas[1] / shape[1])
    return Placement(scale, 1.0, 0.0, False, (shape[1] * scale - 1) / 2, (shape[0] * scale - 1) / 2)


def drawn(shape: tuple[int, ...], canvas: tuple[int, int], random: Random) -> Placement:
    """A random one: from the whole picture, padded, to a crop of a quarter of its area."""
    fit = min(canvas[0] / shape[0], canvas[1] / shape[1])
    scale = fit * float(np.exp(random.uniform(np.log(0.9), np.log(2.2))))
    stretch = float(np.exp(random.normal(0, 0.08)))
    size = np.array([shape[1] * scale * stretch, shape[0] * scale])
    room = np.array([canvas[1], canvas[0]])
    # Where the picture is larger than the canvas it covers it; where it is smaller it lies at the upper left.
    low = np.minimum(room - size / 2, size / 2)
    left, top = np.where(size > room, random.uniform(low, np.maximum(low, size / 2)), size / 2)
    turn = float(random.normal(0, 3)) if random.random() < 0.5 else 0.0
    return Placement(scale, stretch, turn, random.random() < 0.5, float(left), float(top))


def placed(image: Image, placement: Placement, canvas: tuple[int, int]) -> Image:
    """The picture (or a mask) on the canvas [height, width(, 3)]."""
    matrix = placement.matrix(image.shape)
    if placement.scale < 0.6:
        # Linear sampling skips pixels when it shrinks: average whole blocks first.
        half = (max(1, image.shape[1] // 2), max(1, image.shape[0] // 2))
        smaller = np.asarray(cv2.resize(image, half, interpolation=cv2.INTER_AREA), np.uint8)
        ratio = np.array([image.shape[1] / half[0], image.shape[0] / half[1]])
        matrix = matrix.copy()
        matrix[:, 2] += matrix[:, :2] @ ((ratio - 1) / 2)
        matrix[:, :2] *= ratio
        image = smaller
    return np.asarray(cv2.warpAffine(image, matrix, canvas[::-1], flags=cv2.INTER_LINEAR), np.uint8)


def as_seen(image: Image, random: Random) -> Image:
    """The picture in other light, other weather, through another lens and codec; padding stays black."""
    padding = ~np.any(image, axis=2)
    for chance, change in CHANGES:
        if random.random() < chance:
            image = change(image, random)
    image = image.copy()
    # Only whole rows and columns are padding; black things in the picture are not.
    image[:, np.all(padding, axis=0)] = 0
    image[np.all(padding, axis=1)] = 0
    return image


def _bounded(values: NDArray[np.floating]) -> Image:
    return np.asarray(np.clip(values, 0, 255), np.uint8)


def _colour(image: Image, random: Random) -> Image:
    gain = random.uniform(0.7, 1.3) * random.normal(1, 0.07, 3)
    values = image.astype(np.float32)
    grey = values.mean(axis=2, keepdims=True)
    values = grey + (values - grey) * random.uniform(0.3, 1.4)
    return _bounded((values - 110) * random.uniform(0.7, 1.3) + 110 * gain)


def _gamma(image: Image, random: Random) -> Image:
    table = 255 * (np.arange(256) / 255) ** np.exp(random.normal(0, 0.35))
    return np.asarray(cv2.LUT(image, _bounded(table)), np.uint8)


def _grey(image: Image, random: Random) -> Image:
    """Some cameras lose their colours at night."""
    grey = image.mean(axis=2, keepdims=True)
    return _bounded(np.broadcast_to(grey * random.uniform(0.8, 1.2), image.shape))


def _night(image: Image, random: Random) -> Image:
    """Dark, tinted by lamps, with glare around a few of them and streaks of their light below."""
    height, width = image.shape[:2]
    values = 255 * (image.astype(np.float32) / 255) ** random.uniform(1.1, 2.0) * random.uniform(0.3, 0.8)
    values *= np.array([random.uniform(0.6, 1.1), random.uniform(0.85, 1.05), random.uniform(0.95, 1.3)], np.float32)
    glow = np.zeros((height, width, 3), np.float32)
    for _ in range(int(random.integers(0, 7))):
        x, y = int(random.integers(0, width)), int(random.integers(0, max(1, int(height * 0.7))))
        colour = (random.uniform(0.5, 1, 3) * random.uniform(80, 255)).tolist()
        cv2.circle(glow, (x, y), int(random.integers(1, 7)), colour, -1)
        if random.random() < 0.6:
            end = (x, min(height - 1, y + int(random.integers(height // 12, height // 3))))
            cv2.line(glow, (x, y), end, [value * 0.5 for value in colour], int(random.integers(1, 5)))
    wide = cv2.GaussianBlur(glow, (0, 0), random.uniform(3, 10))
    near = cv2.GaussianBlur(glow, (0, 0), 1.5)
    return _bounded(values + near + 3 * wide)


def _blur(image: Image, random: Random) -> Image:
    if random.random() < 0.7:
        return np.asarray(cv2.GaussianBlur(image, (0, 0), random.uniform(0.4, 1.8)), np.uint8)
    length = int(random.integers(3, 8))
    kernel = np.zeros((length, length), np.float32)
    turn = cv2.getRotationMatrix2D(((length - 1) / 2, (length - 1) / 2), random.uniform(0, 180), 1)
    kernel[length // 2] = 1 / length
    kernel = np.asarray(cv2.warpAffine(kernel, turn, (length, length)), np.float32)
    return np.asarray(cv2.filter2D(image, -1, kernel / max(float(kernel.sum()), 0.1)), np.uint8)


def _noise(image: Image, random: Random) -> Image:
    shape = image.shape if random.random() < 0.5 else (*image.shape[:2], 1)
    noise = random.standard_normal(shape, np.float32) * random.uniform(2, 14)
    if random.random() < 0.5:  # coarse grain, as codecs leave it
        noise = np.asarray(2 * cv2.GaussianBlur(noise, (0, 0), 1.0), np.float32).reshape(shape)
    return _bounded(image + noise)


def _compressed(image: Image, random: Random) -> Image:
    """What a thin stream leaves: blocks, and colour at half the pixels."""
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(15, 80))]
    complete, packed = cv2.imencode(".jpg", image, quality)
    decoded = cv2.imdecode(packed, cv2.IMREAD_COLOR) if complete else None
    return image if decoded is None else np.asarray(decoded, np.uint8)


def _rain(image: Image, random: Random) -> Image:
    height, width = image.shape[:2]
    streaks = np.zeros((height, width), np.float32)
    lean, length = random.normal(0, 0.15), random.uniform(4, 16)
    for x, y in zip(random.uniform(0, width, 120), random.uniform(0, height, 120), strict=True):
        end = (round(x + lean * length), round(y + length))
        cv2.line(streaks, (round(x), round(y)), end, random.uniform(20, 90), 1)
    veil = random.uniform(0, 0.35)
    haze = image.astype(np.float32) * (1 - veil) + random.uniform(90, 200) * veil
    return _bounded(haze + cv2.GaussianBlur(streaks, (0, 0), 0.7)[:, :, None])


def _drops(image: Image, random: Random) -> Image:
    """Drops on the dome: round patches of the scene, small, upside down and out of focus."""
    height, width = image.shape[:2]
    soft = np.asarray(cv2.GaussianBlur(image, (0, 0), random.uniform(3, 8)), np.float32)[::-1, ::-1]
    cover = np.zeros((height, width), np.float32)
    for _ in range(int(random.integers(1, 12))):
        centre = (int(random.integers(0, width)), int(random.integers(0, height)))
        axes = (int(random.integers(2, 18)), int(random.integers(2, 18)))
        cv2.ellipse(cover, centre, axes, random.uniform(0, 180), 0, 360, random.uniform(0.5, 1), -1)
    share = np.asarray(cv2.GaussianBlur(cover, (0, 0), 1.2), np.float32)[:, :, None]
    return _bounded(image * (1 - share) + (soft * random.uniform(0.8, 1.2) + random.uniform(0, 30)) * share)


def _stamp(image: Image, random: Random) -> Image:
    """A logo, a clock or a name that the city's recorder writes into the picture."""
    height, width = image.shape[:2]
    image = image.copy()
    x, y = int(random.integers(0, width * 3 // 4)), 0 if random.random() < 0.6 else height - height // 8
    if random.random() < 0.5:
        colour = random.integers(0, 256, 3).tolist()
        cv2.rectangle(image, (x, y), (x + width // 6, y + height // 8), colour, -1)
    shade = random.integers(150, 256, 3).tolist()
    text = "".join(chr(int(code)) for code in random.integers(48, 91, 12))
    cv2.putText(image, text, (x, y + 12), cv2.FONT_HERSHEY_SIMPLEX, random.uniform(0.25, 0.5), shade, 1)
    return image


CHANGES: tuple[tuple[float, Callable[[Image, Random], Image]], ...] = (
    (0.7, _colour),
    (0.4, _gamma),
    (0.05, _grey),
    (0.2, _night),
    (0.12, _rain),
    (0.12, _drops),
    (0.15, _stamp),
    (0.3, _blur),
    (0.35, _noise),
    (0.5, _compressed),
)
"""With which chance each change happens, in the order in which light passes them."""
