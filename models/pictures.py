"""Pictures out of files."""

from pathlib import Path

import cv2
import numpy as np

from models.detector import Image

MAX_IMAGE_BYTES = 256 * 2**20


class ImageError(Exception):
    """A file is not a picture; the text names it."""


def read_image(path: Path) -> Image:
    """The picture in a file, BGR, its pixels as stored.

    Raises:
        ImageError: the file is missing, too large or no picture that OpenCV can read.
    """
    require_file(path)
    if path.stat().st_size > MAX_IMAGE_BYTES:
        raise ImageError(f"{path} is larger than {MAX_IMAGE_BYTES} bytes: not a camera's picture")
    content = np.fromfile(path, np.uint8)
    try:
        image = cv2.imdecode(content, cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION) if content.size else None
    except cv2.error as error:
        raise ImageError(f"{path} cannot be read as a picture: {error.err}") from error
    if image is None:
        raise ImageError(f"{path} is not a picture that can be read (JPEG, PNG, WebP, BMP, TIFF)")
    return np.asarray(image, np.uint8)


def require_file(path: Path) -> None:
    """Raises ImageError unless there is a file."""
    if not path.is_file():
        raise ImageError(f"{path} is {'a folder' if path.is_dir() else 'missing'}: give picture files")
