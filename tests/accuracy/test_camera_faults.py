"""Camera faults on rendered and on real pictures: each is named, and a sound camera has none.

No real recording of a broken camera is to be had, so faults are made: real clips are played on and, after 20 s,
blurred, darkened, frozen, turned or covered, and encoded anew. The street detector is left
out: faults are told without it.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from edge.analyze import Attention, analyze
from edge.config.cameras import CameraSection
from edge.incidents.lifecycle import EpisodeStep
from edge.networks import Networks
from edge.picture import Image
from models.detections import Detections
from models.detector import STREET_CLASSES, ScriptedDetector
from tests.accuracy.footage import clip
from tests.edge.perception.quality.views import Ail, blurred, brightened, covered, dimmed, panned, rolled

SAMPLES = Path(__file__).parents[2] / "sample_videos"
BLIND = ScriptedDetector(lambda _image: Detections.empty(STREET_CLASSES))
CLIPS = (
    "car_park_top_down", "cdnet_highway", "dhaka_creeping", "highway_free", "jakarta_flowing",
    "junction_red_light_queue", "otvision_cyclist", "otvision_truck", "street_people", "suburb_parked_cars",
)  # fmt: skip
RENDERED = ("night_rain", "red_light")
"""Rain by night, and low sun with hard shadows."""
QUICK = ("highway_free", "otvision_truck")
CLEAN_S, FAULTY_S, FPS, WIDTH = 20.0, 40.0, 6, 640
"""The test's clips: so long sound, so long with a fault, so many pictures a second, so wide."""
OPENS_WITHIN_S = 30.0


def faults_of(
    video: Path,
    attention: Attention = Attention.ADAPTIVE,
    *,
    repeat: int = 1,
    min_duration: str = "5s",
    hold: str = "3s",
) -> list[EpisodeStep]:
    """The steps, updates left out."""
    wanted = {"incidents": {"camera_fault": {"min_duration": min_duration, "hold": hold}}}
    section = CameraSection.model_validate(wanted)
    steps = analyze(video, "north", section, Networks(BLIND), attention=attention, repeat=repeat).steps
    return [step for step in steps if step.phase.value != "updated"]


def opened(steps: Sequence[EpisodeStep]) -> list[str]:
    return [step.about for step in steps if step.phase.value == "opened"]


@pytest.mark.parametrize("attention", list(Attention))
def test_the_sample_clip_shows_three_faults_each_in_its_time(attention: Attention) -> None:
    truth = json.loads((SAMPLES / "camera_covered.json").read_text())["incidents"]
    found = [step for step in faults_of(SAMPLES / "camera_covered.mp4", attention) if step.phase.value == "opened"]
    assert [step.about for step in found] == [fault["reason"] for fault in truth]
    for step, fault in zip(found, truth, strict=True):
        assert fault["from_s"] <= step.time <= fault["to_s"] + 15
        assert step.began == pytest.approx(fault["from_s"], abs=2)
    assert found[-1].measures["shift_share"] == pytest.approx(np.tan(np.radians(12.6)) * 900 / 640, abs=0.03)


@pytest.mark.parametrize(
    "name", ["flood_rises", "jam_builds_up", "night_rain", "red_light", "truck_parks", "vendor_arrives"]
)
def test_a_sound_sample_clip_shows_none(name: str) -> None:
    assert faults_of(SAMPLES / f"{name}.mp4", repeat=2) == []


@pytest.mark.parametrize(
    "name", [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in CLIPS]
)
def test_a_sound_real_clip_shows_none(name: str) -> None:
    assert faults_of(clip(name), repeat=3) == []


def footage(name: str) -> Path:
    """A rendered clip's file, else a real one's."""
    rendered = SAMPLES / f"{name}.mp4"
    return rendered if rendered.is_file() else clip(name)


def pictures(name: str, seconds: float) -> Iterator[tuple[float, Image]]:
    """A clip played over and over, thinned to `FPS` and shrunk to `WIDTH`."""
    images: list[Image] = []
    with av.open(footage(name)) as container:
        stream = container.streams.video[0]
        every = max(1, round(float(stream.average_rate or FPS) / FPS))
        for index, frame in enumerate(container.decode(stream)):
            if index % every == 0:
                height = round(frame.height * WIDTH / frame.width / 2) * 2
                images.append(frame.to_ndarray(format="bgr24", width=WIDTH, height=height, interpolation="AREA"))
    for number in range(round(seconds * FPS)):
        yield number / FPS, images[number % len(images)]


def write(path: Path, shown: Iterator[Image]) -> Path:
    """As H.264, a keyframe every two seconds."""
    with av.open(path, "w") as container:
        stream = container.add_stream("libx264", rate=FPS)
        stream.pix_fmt, stream.gop_size, stream.options = "yuv420p", 2 * FPS, {"preset": "ultrafast", "crf": "23"}
        for image in shown:
            if not stream.codec_context.is_open:
                stream.height, stream.width = image.shape[:2]
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="bgr24")))
        container.mux(stream.encode(None))
    return path


def ailing(name: str, ail: Ail, since: float = CLEAN_S, until: float = CLEAN_S + FAULTY_S) -> Iterator[Image]:
    for time, image in pictures(name, CLEAN_S + FAULTY_S):
        yield ail(image) if since <= time < until else image


def frozen(name: str) -> Iterator[Image]:
    last: Image | None = None
    for time, image in pictures(name, CLEAN_S + FAULTY_S):
        last = image if last is None or time < CLEAN_S else last
        yield last


FAULTS: dict[str, tuple[Ail, str]] = {
    "a blur": (blurred(5), "defocused"),
    "black": (dimmed(0.02), "dark"),
    "a turn of 15 degrees": (panned(15), "moved"),
    "a roll of 15 degrees": (rolled(15), "moved"),
    "a grey cover": (covered(0.6, 110), "covered"),
    "a black cover": (covered(0.6, 8), "covered"),
}


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", [*CLIPS, *RENDERED])
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_made_on_a_clip_is_named(name: str, fault: str, tmp_path: Path) -> None:
    ail, named = FAULTS[fault]
    steps = faults_of(write(tmp_path / "ailing.mp4", ailing(name, ail)))
    assert opened(steps) == [named]
    assert CLEAN_S <= steps[0].time <= CLEAN_S + OPENS_WITHIN_S


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", [*CLIPS, *RENDERED])
def test_a_picture_frozen_on_a_clip_is_named(name: str, tmp_path: Path) -> None:
    steps = faults_of(write(tmp_path / "frozen.mp4", frozen(name)))
    assert opened(steps) == ["frozen"]
    assert CLEAN_S <= steps[0].time <= CLEAN_S + FAULTY_S, "the encoder settles first"


def lorry(image: Image) -> Image:
    """Fills nine tenths of the view: a box with a pattern on it, a cab, wheels."""
    image = image.copy()
    height, width = image.shape[:2]
    cv2.rectangle(image, (width // 20, height // 12), (width, height), (60, 90, 150), -1)
    for x in range(width // 10, width, width // 12):
        cv2.line(image, (x, height // 12), (x, height), (40, 60, 110), 3)
    cv2.putText(image, "EKSPEDISI", (width // 6, height // 2), cv2.FONT_HERSHEY_SIMPLEX, 2, (240, 240, 240), 6)
    cv2.circle(image, (width // 3, height - 20), height // 8, (15, 15, 15), -1)
    return image


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", ["jakarta_flowing", "suburb_parked_cars"])
def test_a_lorry_that_fills_the_view_for_ten_seconds_is_no_fault(name: str, tmp_path: Path) -> None:
    video = write(tmp_path / "lorry.mp4", ailing(name, lorry, CLEAN_S, CLEAN_S + 10))
    assert faults_of(video, min_duration="60s", hold="60s") == []
    assert faults_of(video, min_duration="15s", hold="10s") == []


def weather(name: str) -> Iterator[Image]:
    """Lightning now and then, an exposure that jumps, headlights that glare, and dusk over all of it."""
    rng = np.random.default_rng(4)
    for time, image in pictures(name, CLEAN_S + FAULTY_S):
        dusk = dimmed(max(0.35, 1 - time / 60))(image)
        if rng.random() < 0.03:
            yield brightened(3)(dusk)
        elif 30 < time < 40:
            yield brightened(1.6)(dusk)
        else:
            glare = dusk.copy()
            cv2.circle(glare, (int(time * 40) % WIDTH, image.shape[0] * 2 // 3), 45, (230, 240, 250), -1)
            yield np.asarray(cv2.addWeighted(dusk, 0.5, cv2.GaussianBlur(glare, (0, 0), 9), 0.5, 0), np.uint8)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", ["jakarta_flowing", "suburb_parked_cars", "highway_free"])
def test_dusk_lightning_and_headlights_are_no_fault(name: str, tmp_path: Path) -> None:
    assert faults_of(write(tmp_path / "weather.mp4", weather(name))) == []


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("name", ["jakarta_flowing", "suburb_parked_cars"])
def test_a_fault_that_ends_closes(name: str, tmp_path: Path) -> None:
    steps = faults_of(write(tmp_path / "over.mp4", ailing(name, blurred(5), CLEAN_S, CLEAN_S + 15)))
    assert [(step.phase.value, step.about) for step in steps] == [("opened", "defocused"), ("closed", "defocused")]
    assert not steps[1].lost
