"""python -m scripts.demo.survey: measures the demo's cameras, as a surveyor would on a real street.

The roadway of each camera in box.yaml is measured at nine points, whose places on the ground the truth of the camera's
clip knows to the centimetre; the fit is the same as `sigap-calibrate fit`. Run it when a zone or a clip has changed.
"""

import json
import sys
from pathlib import Path

import cv2
import numpy as np
import yaml

from calibration.camera_file import save
from calibration.fitting import Fit, fit_metres
from scripts.demo.city import BOX_FILE, CLIPS


def survey(clip: Path, polygon: list[list[float]]) -> Fit:
    """The ground plane of a clip's camera from the corners, the middles of the sides and the middle of a polygon.

    Args:
        clip: video with its truth beside it.
        polygon: four corners as shares (0–1) of the picture's width and height.
    """
    truth = json.loads(clip.with_suffix(".json").read_text())
    camera, size = truth["camera"], (truth["width_px"], truth["height_px"])
    corners = np.array(polygon) * size
    pixels = np.concatenate([corners, (corners + np.roll(corners, -1, axis=0)) / 2, corners.mean(axis=0)[None]])
    pixels = pixels.round(1)
    intrinsics = np.array(camera["intrinsics"])
    straight = cv2.undistortPoints(pixels[:, None], intrinsics, np.array(camera["distortion"]), P=intrinsics)
    metres = cv2.perspectiveTransform(straight, np.array(camera["pixel_to_ground"]))[:, 0]
    return fit_metres(pixels, metres.round(2), *size)


def main() -> int:
    """Writes the calibration file of every camera that names one."""
    cameras = yaml.safe_load(BOX_FILE.read_text())["cameras"]
    for name, camera in cameras.items():
        if "calibration" not in camera:
            continue
        (roadway,) = (zone for zone in camera["zones"].values() if zone["kind"] == "roadway")
        fit = survey(CLIPS[name], roadway["points"])
        save(fit, BOX_FILE.parent / camera["calibration"])
        sys.stdout.write(f"{camera['calibration']}: RMS {fit.rms_m:.3f} m\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
