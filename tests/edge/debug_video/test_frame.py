"""One drawing: what was seen lies where it was seen, in the colour that says what it means."""

import numpy as np
import pytest
from numpy.typing import NDArray

from contract.kinds import ZoneKind
from contract.settings.zones import ZoneSection
from edge.debug_video import palette
from edge.debug_video.frame import WIDTH_PX, draw
from edge.debug_video.layers import HEADLINE_PX, speed_colour, told_quality, told_speed, told_traffic, told_water
from edge.debug_video.timeline import height_px
from edge.incidents.lifecycle import EpisodeState, Stage
from edge.perception.observation import LookKind, Observation, PictureQuality, Track, ZoneTraffic, ZoneWater
from edge.picture import Picture
from models.detections import Detections
from models.detector import STREET_CLASSES

GREY = 120
PICTURE = Picture("north", 1012.0, np.full((180, 320, 3), GREY, np.uint8))
ZONES = {"road": ZoneSection(kind=ZoneKind.ROADWAY, points=((0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9)))}
JAM = ("jam", "road")
IDLE = {JAM: EpisodeState()}
OPEN = {JAM: EpisodeState(Stage.CONFIRMED, since=1010.0, began=1002.0, episode="e", severity=2)}
CLASSES = (*dict.fromkeys((*STREET_CLASSES, "vendor")),)
NOTHING = Detections.empty(CLASSES)


def observed(detections: Detections = NOTHING, **fields: object) -> Observation:
    return Observation("north", LookKind.STARE, 1010.0, 1012.0, detections, **fields)  # type: ignore[arg-type]


def seen(label: str, box: tuple[float, float, float, float], score: float = 0.9) -> Detections:
    return Detections(np.array([box]), np.array([score]), np.array([CLASSES.index(label)]), CLASSES)


def track(speed_lengths_s: float | None, *, kmh: float | None = None, parked: bool = False) -> Track:
    return Track("car", 0.9, (100, 60, 180, 120), 8, 1010.0, 1012.0, (0, 0), speed_lengths_s, kmh, parked)


def shows(image: NDArray[np.uint8], colour: palette.Colour) -> int:
    """Pixels in just this colour."""
    return int((image == colour).all(axis=-1).sum())


def street_of(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture alone, without headline and strip."""
    return image[HEADLINE_PX : HEADLINE_PX + 720]


def test_the_picture_is_enlarged_and_stays_as_it_is_with_a_headline_above_and_a_row_for_each_subject_below() -> None:
    image = draw(PICTURE, observed(), {**IDLE, ("flood", "road"): EpisodeState()}, ZONES)
    assert image.shape == (HEADLINE_PX + 720 + height_px(2), WIDTH_PX, 3)
    assert (PICTURE.image == GREY).all()
    assert (street_of(image)[5, 5] == GREY).all(), "outside every zone nothing is drawn"


def test_a_large_picture_keeps_its_size() -> None:
    large = Picture("north", 0.0, np.full((1080, 1920, 3), GREY, np.uint8))
    assert draw(large, observed(), IDLE, ZONES).shape[1] == 1920


def test_a_zone_has_the_colour_of_its_kind_and_is_filled_with_that_of_what_is_open_in_it() -> None:
    quiet, jammed = (street_of(draw(PICTURE, observed(), states, ZONES)) for states in (IDLE, OPEN))
    assert shows(quiet, palette.ZONES[ZoneKind.ROADWAY]) > 1000
    middle = (360, 640)
    assert quiet[middle][2] < GREY < jammed[middle][2], "blue is laid over it, then red"


@pytest.mark.parametrize(
    ("vehicle", "colour"),
    [
        pytest.param(track(0.0), palette.STANDS, id="stands"),
        pytest.param(track(0.6), palette.CREEPS, id="creeps"),
        pytest.param(track(2.0), palette.FLOWS, id="flows"),
        pytest.param(track(2.0, kmh=1.0), palette.STANDS, id="km/h count where they are known"),
        pytest.param(track(None), palette.WHITE, id="not followed"),
        pytest.param(track(0.0, parked=True), palette.MUTED, id="parked"),
    ],
)
def test_vehicles_have_the_colour_of_their_speed(vehicle: Track, colour: palette.Colour) -> None:
    assert speed_colour(vehicle) == colour
    image = street_of(draw(PICTURE, observed(tracks=(vehicle,)), IDLE, ZONES))
    assert shows(image[240:480, 400:720], colour) > 500


@pytest.mark.parametrize(("label", "colour"), [("person", palette.PERSON), ("vendor", palette.VENDOR)])
def test_people_and_vendors_are_drawn_where_they_were_seen(label: str, colour: palette.Colour) -> None:
    image = street_of(draw(PICTURE, observed(seen(label, (20, 20, 60, 100))), IDLE, ZONES))
    assert shows(image[60:400, 80:240], colour) > 200
    faint = street_of(draw(PICTURE, observed(seen(label, (20, 20, 60, 100), 0.1)), IDLE, ZONES))
    assert shows(faint, colour) == 0


def test_water_tints_its_zone_the_more_the_more_there_is() -> None:
    dry, some, much = (
        street_of(draw(PICTURE, observed(water=(ZoneWater("road", share, 0.5),)), IDLE, ZONES))[360, 640].astype(int)
        for share in (0.0, 0.3, 0.9)
    )
    assert dry[0] - dry[2] < some[0] - some[2] < much[0] - much[2]


def test_the_quality_of_the_picture_stands_in_the_headline() -> None:
    plain = draw(PICTURE, observed(), IDLE, ZONES)[:HEADLINE_PX]
    rated = draw(PICTURE, observed(quality=PictureQuality(0.4, 0.2)), IDLE, ZONES)[:HEADLINE_PX]
    assert (plain != rated).any()
    assert told_quality(PictureQuality(0.4, 0.2)) == "bright 0.40  contrast 0.20"
    whole = PictureQuality(0.4, 0.2, sharpness=0.95, alike=0.5, shift_share=0.031, frozen_s=12.0)
    assert told_quality(whole) == "bright 0.40  contrast 0.20  sharp 0.95  alike 0.50  shift 3 %  frozen 12 s"


def test_what_is_followed_is_not_drawn_twice() -> None:
    box = (100.0, 60.0, 180.0, 120.0)
    image = street_of(draw(PICTURE, observed(seen("car", box), tracks=(track(2.0),)), IDLE, ZONES))
    assert shows(image, palette.WHITE) == 0


def test_numbers_are_told_with_their_units() -> None:
    assert told_speed(None, None) == ""
    assert told_speed(None, 0.34) == "0.3 len/s"
    assert told_speed(4.26, 0.3) == "4.3 km/h"
    assert told_speed(38.7, 2.4) == "39 km/h"
    assert told_traffic(ZoneTraffic("road", 0.384, 11.6, speed_kmh=4.0)) == "38 %  12 veh  4.0 km/h"
    assert told_traffic(ZoneTraffic("road", 0.0, 0.0)) == "0 %  0 veh"
    assert told_water(ZoneWater("road", 0.43, 0.9)) == "water 43 %"
    assert told_water(ZoneWater("road", 0.43, 0.9, changed=0.5, depth_cm=12.4)) == "water 43 %  changed 50 %  12 cm"
