"""A clip that leaves the box: small enough, playable, and nobody recognisable in any of its pictures."""

import io

import av
import numpy as np
import pytest

from contract.evidence import MAX_EVIDENCE_BYTES
from edge.evidence.clip import clip_size, make_clip, mask_film
from edge.evidence.masking import MaskedPicture, mask
from edge.picture import Picture
from models.detections import Detections

CLASSES = ("person", "car")
SECONDS = [0.0, 0.2, 0.4, 0.65]


def film(shape: tuple[int, int] = (360, 640)) -> list[Picture]:
    noise = np.random.default_rng(3)
    return [Picture("north", time, noise.integers(0, 256, (*shape, 3), dtype=np.uint8)) for time in SECONDS]


def nobody() -> Detections:
    return Detections.empty(CLASSES)


def somebody() -> Detections:
    return Detections(np.array([[300, 100, 360, 300]], np.float32), np.array([0.9], np.float32), np.array([0]), CLASSES)


def masked(pictures: list[Picture]) -> list[MaskedPicture]:
    return [mask(picture.image, nobody()) for picture in pictures]


def decoded(clip: bytes) -> list[av.VideoFrame]:
    with av.open(io.BytesIO(clip)) as container:
        return list(container.decode(video=0))


def test_it_plays_in_the_cameras_own_time() -> None:
    clip = make_clip(masked(film()), SECONDS, "camera")
    assert clip[4:8] == b"ftyp"
    frames = decoded(clip)
    assert [frame.time for frame in frames] == pytest.approx(SECONDS, abs=0.01)
    assert {(frame.width, frame.height) for frame in frames} == {(640, 360)}


@pytest.mark.parametrize("limit", [MAX_EVIDENCE_BYTES, 60_000])
def test_the_worst_pictures_still_fit_and_odd_sides_become_even(limit: int) -> None:
    clip = make_clip(masked(film((541, 959))), SECONDS, None, limit)
    assert len(clip) <= limit
    assert len(decoded(clip)) == len(SECONDS)


def test_it_is_no_larger_than_somebody_watching_needs() -> None:
    (large, *_), (small, *_) = film((1080, 1920)), film()
    shown = clip_size(large)
    assert (shown.width, shown.height, shown.time) == (960, 540, large.time)
    assert clip_size(small) is small


def test_a_limit_nothing_fits_into_is_said() -> None:
    with pytest.raises(ValueError, match="fits into 100 bytes"):
        make_clip(masked(film((64, 64))), SECONDS, limit_bytes=100)


def test_who_is_missed_in_one_picture_is_hidden_there_too() -> None:
    pictures = film()
    hidden = mask_film(pictures, [nobody(), somebody(), nobody(), nobody()])
    assert [bool(picture.hidden[120, 330]) for picture in hidden] == [True, True, True, False]


def test_private_places_are_black_in_every_picture() -> None:
    corner = [(0.0, 0.0), (0.2, 0.0), (0.2, 0.2), (0.0, 0.2)]
    for picture in mask_film(film(), [nobody()] * 4, [corner]):
        assert not picture.image[10:60, 10:110].any()
