"""The commands as users call them: what goes wrong is said in a sentence, without a traceback."""

import json
from dataclasses import fields

import av
import pytest
from typer.testing import CliRunner

from contract.evidence import parse_public_key
from edge.analyze import AnalysisStats
from edge.cli import app

BOX = """
box: {id: pgk-01, state_dir: STATE}
mqtt: {url: "mqtt://127.0.0.1:1"}
cameras:
  simpang:
    inputs: [{url: "rtsp://127.0.0.1:1/none"}]
    purpose: [traffic]
    zones: {utara: {kind: roadway, points: [[0,0],[1,0],[1,1]]}}
    incidents: {jam: {zones: [utara]}}
"""


@pytest.fixture
def config(tmp_path):
    file = tmp_path / "box.yaml"
    file.write_text(BOX.replace("STATE", str(tmp_path / "state")))
    return file


def sigap_edge(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def test_check_is_content_or_says_where(config):
    done = sigap_edge("check", "--config", config)
    assert (done.exit_code, "nothing wrong" in done.stdout) == (0, True)
    assert "running=CPUExecutionProvider" in done.stderr
    config.write_text(config.read_text().replace("roadway", "highway"))
    done = sigap_edge("check", "--config", config)
    assert done.exit_code == 2
    assert f"{config}:8: cameras.simpang.zones.utara.kind" in done.stderr


@pytest.mark.parametrize("command", ["check", "run", "analyze"])
def test_a_device_that_is_not_there_is_said_with_its_line(config, tmp_path, command):
    config.write_text(config.read_text() + "models: {provider: tensorrt}\n")
    words = {"analyze": [tmp_path / "clip.mp4", "--events", tmp_path / "out.jsonl"]}.get(command, [])
    done = sigap_edge(command, *words, "--config", config)
    assert done.exit_code == 2
    assert f"{config}:10: models.provider: execution provider TensorrtExecutionProvider" in done.stderr
    assert "Traceback" not in done.output


def test_the_key_stays_the_same(config):
    first, second = (sigap_edge("key", "--config", config).stdout for _ in range(2))
    assert first == second
    parse_public_key(first)


def test_snapshot_says_why_there_is_no_picture(config, tmp_path):
    done = sigap_edge("snapshot", "simpang", "--config", config, "--grid", tmp_path / "grid.png")
    assert done.exit_code == 2
    assert "nothing answers" in done.stderr
    done = sigap_edge("snapshot", "elsewhere", "--config", config, "--grid", tmp_path / "grid.png")
    assert "no camera 'elsewhere' in the file; known: simpang" in done.stderr


@pytest.mark.parametrize(
    ("video", "words", "says"),
    [
        ("missing.mp4", (), "no such file"),
        ("box.yaml", (), "box.yaml"),
        ("missing.mp4", ("--start", "yesterday"), "write ISO 8601"),
        ("missing.mp4", ("--camera", "other"), "known: simpang"),
    ],
)
def test_analyze_says_what_is_wrong(config, tmp_path, video, words, says):
    done = sigap_edge("analyze", tmp_path / video, "--config", config, "--events", tmp_path / "o.jsonl", *words)
    assert done.exit_code == 2
    assert says in done.stderr
    assert "Traceback" not in done.output


def test_analyze_writes_events_and_a_line_of_json(config, tmp_path, h264_clip):
    out = tmp_path / "out.jsonl"
    done = sigap_edge("analyze", h264_clip, "--config", config, "--events", out, "--attention", "adaptive")
    assert done.exit_code == 0, done.output
    stats = json.loads(done.stdout.splitlines()[-1])
    assert set(stats) == {field.name for field in fields(AnalysisStats)}
    assert (stats["episodes"], out.read_text()) == (0, "")


def test_analyze_draws_every_look(config, tmp_path, h264_clip):
    drawn = tmp_path / "debug.mp4"
    words = ("--config", config, "--events", tmp_path / "out.jsonl", "--attention", "adaptive")
    done = sigap_edge("analyze", h264_clip, *words, "--draw", drawn)
    assert done.exit_code == 0, done.output
    with av.open(str(drawn)) as container:
        assert sum(1 for _ in container.decode(video=0)) == json.loads(done.stdout.splitlines()[-1])["looks"]
    done = sigap_edge("analyze", h264_clip, *words, "--draw", tmp_path / "nowhere" / "debug.mp4")
    assert (done.exit_code, "nowhere" in done.stderr, "Traceback" in done.output) == (2, True, False)


def test_tracks_of_a_recording_are_written_for_the_calibration(config, tmp_path, h264_clip):
    out = tmp_path / "tracks.jsonl"
    done = sigap_edge("tracks", "--video", h264_clip, "--config", config, "--out", out)
    assert done.exit_code == 0, done.output
    assert "0 vehicles; next: sigap-calibrate traffic" in done.stdout
    assert json.loads(out.read_text()) == {"image": {"width": 320, "height": 180}}
    done = sigap_edge("tracks", "--config", config, "--out", out)
    assert (done.exit_code, "nothing answers" in done.stderr, "Traceback" in done.output) == (2, True, False)
