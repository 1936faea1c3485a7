"""A masked picture as a JPEG that fits into a message."""

import cv2

from contract.evidence import MAX_EVIDENCE_BYTES
from edge.evidence.masking import MaskedPicture
from edge.picture import Image

_QUALITIES = (88, 78, 66, 54)
_SHRINK = 0.75


def make_still(picture: MaskedPicture, caption: str | None = None, limit_bytes: int = MAX_EVIDENCE_BYTES) -> bytes:
    """Encodes the picture; quality, then size are lowered until it fits. No boxes are drawn, no metadata is written.

    Args:
        picture: masked; its type says so.
        caption: small text in the lower left corner, for example camera and time; characters outside ASCII become "?".
        limit_bytes: what a message may carry.
    """
    image = picture.image
    while True:
        with_caption = stamped(image, caption) if caption else image
        for quality in _QUALITIES:
            done, jpeg = cv2.imencode(".jpg", with_caption, [cv2.IMWRITE_JPEG_QUALITY, quality])
            if not done:
                raise RuntimeError(f"OpenCV could not encode a picture of {image.shape} as JPEG")
            if jpeg.size <= limit_bytes:
                return jpeg.tobytes()
        if min(image.shape[:2]) < 32:
            raise ValueError(f"no JPEG of this picture fits into {limit_bytes} bytes")
        image = cv2.resize(image, None, fx=_SHRINK, fy=_SHRINK, interpolation=cv2.INTER_AREA).astype(image.dtype)


def stamped(image: Image, caption: str) -> Image:
    """A copy with small text in its lower left corner; characters outside ASCII become "?"."""
    copy = image.copy()
    text = caption.encode("ascii", "replace").decode()
    scale = max(0.35, image.shape[0] / 1100)
    place = (round(8 * scale) + 2, image.shape[0] - round(10 * scale) - 2)
    for colour, thickness in (((0, 0, 0), max(2, round(3 * scale))), ((255, 255, 255), max(1, round(scale)))):
        cv2.putText(copy, text, place, cv2.FONT_HERSHEY_SIMPLEX, scale, colour, thickness, cv2.LINE_AA)
    return copy
