import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.letterbox import Letterbox

sides = st.integers(1, 3000)


@given(width=sides, height=sides, side=st.sampled_from([320, 416, 640]))
def test_the_picture_fits_without_being_stretched(width: int, height: int, side: int) -> None:
    box = Letterbox.fit(width, height, side, 32)
    assert box.width % 32 == box.height % 32 == 0
    assert max(box.inner_width, box.inner_height) == side
    assert box.inner_width <= box.width < box.inner_width + 32
    assert box.inner_height <= box.height < box.inner_height + 32
    scale = side / max(width, height)
    assert abs(box.inner_width - width * scale) <= 1
    assert abs(box.inner_height - height * scale) <= 1


def test_a_wide_picture_costs_less_than_a_square() -> None:
    assert Letterbox.fit(1920, 1080, 416, 32).shape == (256, 416)
    assert Letterbox.fit(640, 480, 416, 32).shape == (320, 416)
    assert Letterbox.fit(360, 640, 416, 32).shape == (416, 256)


def test_the_picture_stands_at_the_upper_left_on_black() -> None:
    placed = Letterbox.fit(200, 100, 416, 32).place(np.full((100, 200, 3), 255, np.uint8))
    assert placed.shape == (224, 416, 3)
    assert (placed[:208] == 255).all()
    assert (placed[208:] == 0).all()


def test_a_large_picture_is_averaged_not_sampled() -> None:
    stripes = np.zeros((1080, 1920, 3), np.uint8)
    stripes[:, ::2] = 200
    placed = Letterbox.fit(1920, 1080, 416, 32).place(stripes)
    assert (abs(placed[:234].astype(int) - 100) <= 1).all()


@pytest.mark.parametrize(
    ("size", "shape", "inner"),
    [
        ((1280, 720), (288, 512), (512, 288)),
        ((640, 480), (352, 480), (469, 352)),
        ((720, 1280), (512, 288), (288, 512)),
        ((300, 300), (416, 416), (416, 416)),
        ((20, 2000), (3200, 32), (32, 3200)),
    ],
)
def test_a_picture_fills_as_many_pixels_as_a_square_has(
    size: tuple[int, int], shape: tuple[int, int], inner: tuple[int, int]
) -> None:
    box = Letterbox.filling(*size, 416, 32)
    assert (box.shape, (box.inner_width, box.inner_height)) == (shape, inner)
    assert box.width * box.height <= 416**2
