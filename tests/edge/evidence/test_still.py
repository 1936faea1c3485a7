import cv2
import numpy as np
import pytest

from contract.evidence import MAX_EVIDENCE_BYTES
from edge.evidence.masking import MaskedPicture, mask
from edge.evidence.still import make_still
from models.detections import Detections


def masked(image: np.ndarray) -> MaskedPicture:
    return mask(image, Detections.empty(("car",)))


def decoded(jpeg: bytes) -> np.ndarray:
    return cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)


def test_an_ordinary_picture_keeps_its_size_and_looks():
    ramp = np.dstack([np.tile(np.linspace(0, 255, 640, dtype=np.uint8), (360, 1))] * 3)
    still = decoded(make_still(masked(ramp)))
    assert still.shape == ramp.shape
    assert np.abs(still.astype(int) - ramp).mean() < 2


@pytest.mark.parametrize("limit", [MAX_EVIDENCE_BYTES, 100_000, 5_000])
def test_the_worst_picture_still_fits(limit):
    noise = np.random.default_rng(1).integers(0, 256, (1080, 1920, 3), dtype=np.uint8)
    jpeg = make_still(masked(noise), "camera", limit)
    assert len(jpeg) <= limit
    height, width = decoded(jpeg).shape[:2]
    assert width / height == pytest.approx(16 / 9, rel=0.05)


def test_a_limit_nothing_fits_into_is_said():
    with pytest.raises(ValueError, match="fits into 100 bytes"):
        make_still(masked(np.zeros((360, 640, 3), np.uint8)), limit_bytes=100)


def test_the_caption_stands_in_the_lower_left_corner_only():
    grey = np.full((360, 640, 3), 100, np.uint8)
    changed = np.abs(decoded(make_still(masked(grey), "simpang_balai 2026-01-01 07:00 +07:00")).astype(int) - 100) > 30
    rows, columns = np.nonzero(changed.any(axis=2))
    assert len(rows)
    assert rows.min() > 330
    assert columns.max() < 400


def test_text_that_the_font_lacks_does_no_harm():
    assert decoded(make_still(masked(np.zeros((90, 160, 3), np.uint8)), "jalan é — 路")).shape == (90, 160, 3)
