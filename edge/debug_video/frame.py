"""One picture of a debug video."""

from collections.abc import Sequence

import numpy as np

from edge.debug_video import layers, timeline
from edge.debug_video.layers import States, Zones
from edge.debug_video.timeline import Span
from edge.perception.observation import Observation
from edge.picture import Image, Picture

WIDTH_PX = 1280


def draw(
    picture: Picture, observation: Observation, states: States, zones: Zones, *, spans: Sequence[Span] = (),
    now_s: float = 0.0,
) -> Image:  # fmt: skip
    """What one look saw and what follows from it, over its newest picture, a headline above and the strip below.

    Args:
        picture: the newest picture of the look; stays as it is.
        observation: what the look yielded.
        states: where each (kind, zone) stands after it.
        zones: the camera's zones.
        spans: what the strip shows of the time before.
        now_s: seconds since the recording began.

    Returns:
        The drawing, height × width × 3, BGR, both sides even, at least WIDTH_PX wide.
    """
    sheet = layers.enlarged(picture.image, WIDTH_PX)
    layers.draw_zones(sheet, zones, states)
    layers.draw_water(sheet, zones, observation.water)
    layers.draw_detections(sheet, observation)
    layers.draw_vehicles(sheet, observation.tracks)
    layers.draw_zone_names(sheet, zones, observation)
    width_px = sheet.image.shape[1]
    headline = layers.draw_headline(width_px, observation, now_s)
    return np.concatenate([headline, sheet.image, timeline.draw_strip(width_px, sorted(states), spans, now_s)])
