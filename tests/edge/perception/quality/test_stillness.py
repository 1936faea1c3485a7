"""A frozen picture, encoded again and again, against a living one in which nothing happens."""

import io
from collections.abc import Sequence

import av
import cv2
import numpy as np
import pytest

from edge.perception.quality.plate import Plate
from edge.perception.quality.stillness import Standing, Stillness
from edge.picture import Image
from tests.edge.perception.quality.views import noisy, scene

FPS, GOP, SECONDS = 4, 8, 40


def encoded(images: Sequence[Image], **options: str) -> list[Image]:
    """As they come out of a camera's H.264 stream."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.height, stream.width = images[0].shape[:2]
        stream.pix_fmt, stream.gop_size = "yuv420p", GOP
        stream.options = {"preset": "veryfast", **options}
        for image in images:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="bgr24")))
        container.mux(stream.encode(None))
    buffer.seek(0)
    with av.open(buffer) as container:
        return [frame.to_ndarray(format="bgr24") for frame in container.decode(video=0)]


def standing(images: Sequence[Image]) -> Standing:
    """The longest they have stood, looked at every two seconds and a bit."""
    stillness = Stillness()
    looks = [stillness.after(Plate.of(images[index]).grey, index / FPS) for index in range(0, len(images), 2 * FPS + 1)]
    return Standing(max(look.frozen_s for look in looks), max(look.still_s for look in looks))


def small(brightness: float = 1.0) -> Image:
    return np.asarray(cv2.resize(scene(), (320, 180), interpolation=cv2.INTER_AREA) * brightness, np.uint8)


CONSTANT_QUALITY = [{"crf": "23"}, {"crf": "30"}]
CONSTANT_RATE = {"b": "300k", "maxrate": "300k", "bufsize": "300k"}
LIGHTS = pytest.mark.parametrize("brightness", [1.0, 0.3], ids=["day", "night"])


@pytest.mark.parametrize("options", CONSTANT_QUALITY, ids=str)
@LIGHTS
def test_a_frozen_picture_stays_the_same(options: dict[str, str], brightness: float) -> None:
    image = noisy(small(brightness), 1.5, 0)
    assert standing(encoded([image] * (FPS * SECONDS), **options)).frozen_s > 25


@LIGHTS
def test_a_tight_bit_rate_leaves_a_frozen_picture_still(brightness: float) -> None:
    image = noisy(small(brightness), 1.5, 0)
    assert standing(encoded([image] * (FPS * SECONDS), **CONSTANT_RATE)).still_s > 18


@pytest.mark.parametrize("options", [*CONSTANT_QUALITY, CONSTANT_RATE], ids=str)
@LIGHTS
@pytest.mark.parametrize("noise", [0.5])
def test_a_living_picture_in_which_nothing_happens_does_not_stay_the_same(
    options: dict[str, str], brightness: float, noise: float
) -> None:
    images = [noisy(small(brightness), noise, number) for number in range(FPS * SECONDS)]
    assert standing(encoded(images, **options)).frozen_s == 0


def with_clock(image: Image, number: int) -> Image:
    image = image.copy()
    cv2.putText(image, f"12:00:{number // FPS:02d}", (10, 15), cv2.FONT_HERSHEY_SIMPLEX, 0.35, (255, 255, 255), 1)
    return image


def test_a_burnt_in_clock_goes_on_in_a_frozen_picture() -> None:
    image = noisy(small(), 1.5, 0)
    shown = encoded([with_clock(image, number) for number in range(FPS * SECONDS)], crf="23")
    assert standing(shown).frozen_s > 25


def test_a_picture_that_changes_has_not_stood() -> None:
    stillness = Stillness()
    one, other = Plate.of(scene()).grey, Plate.of(scene(8)).grey
    assert [stillness.after(grey, time) for grey, time in ((one, 10), (one, 30), (other, 40), (one, 50))] == [
        Standing(0, 0), Standing(20, 20), Standing(0, 0), Standing(0, 0)
    ]  # fmt: skip


def test_a_slow_change_adds_up() -> None:
    """Dusk: no look differs much from the one before."""
    stillness, image = Stillness(), scene().astype(float)
    looks = [stillness.after(Plate.of((image * (1 - 0.001 * n)).astype(np.uint8)).grey, n) for n in range(120)]
    assert max(look.frozen_s for look in looks) == 0
    assert max(look.still_s for look in looks) < 15


def test_an_encoder_that_stirs_now_and_then_does_not_hide_that_nothing_moves() -> None:
    """Rate control: once a minute the same picture comes out a little different."""
    image, stillness = small(), Stillness()
    stirred = np.clip(image.astype(int) + np.random.default_rng(2).integers(-2, 3, image.shape), 0, 255)
    shown = [stirred.astype(np.uint8) if time % 30 < 2 else image for time in range(0, 120, 2)]
    looks = [stillness.after(Plate.of(one).grey, 2.0 * number) for number, one in enumerate(shown)]
    assert looks[-1].frozen_s == 118


def test_a_living_scene_repeats_itself_within_a_group_of_pictures_only() -> None:
    """The encoder skips what does not move, until the next keyframe, up to 10 s later."""
    stillness = Stillness()
    looks = [stillness.after(Plate.of(noisy(small(), 1.0, time // 10)).grey, time) for time in range(0, 120, 2)]
    assert max(look.frozen_s for look in looks) == 0
