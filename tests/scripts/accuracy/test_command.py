"""`python -m scripts.accuracy` from clip to report."""

from __future__ import annotations

import json
import shutil
from itertools import islice
from pathlib import Path

import av
import pytest
import typer
from typer.testing import CliRunner, Result

from scripts.accuracy.__main__ import SAMPLES, main


def accuracy(*words: object) -> Result:
    app = typer.Typer()
    app.command()(main)
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture
def quiet(tmp_path: Path) -> Path:
    """A folder with the first seconds of a clip in whose truth nothing happens."""
    folder = tmp_path / "clips"
    folder.mkdir()
    shutil.copy(SAMPLES / "night_rain.json", folder)
    with av.open(str(SAMPLES / "night_rain.mp4")) as whole, av.open(str(folder / "night_rain.mp4"), "w") as short:
        source = whole.streams.video[0]
        target = short.add_stream_from_template(source)
        for packet in islice(whole.demux(source), 92):
            packet.stream = target
            short.mux(packet)
    return folder


def test_a_clip_is_analysed_scored_and_reported(quiet: Path, tmp_path: Path) -> None:
    words = ("--rendered", quiet, "--real", tmp_path / "none", "--out", tmp_path / "out", "--attention", "adaptive")
    done = accuracy(*words)
    assert done.exit_code == 0, done.output
    assert "real clips" in done.output
    told = json.loads((tmp_path / "out" / "accuracy.json").read_text())
    (clip,) = told["clips"]
    assert (clip["name"], clip["incidents"], clip["missed"]) == ("night_rain", [], [])
    assert clip["stats"]["looks"] >= 2
    assert "night_rain" in (tmp_path / "out" / "index.html").read_text()


def test_strict_fails_where_something_is_missed(quiet: Path, tmp_path: Path) -> None:
    truth = quiet / "night_rain.json"
    document = json.loads(truth.read_text())
    document["incidents"] = [{"kind": "jam", "zone": "jalan", "from_s": 0.5, "to_s": 28.0}]
    truth.write_text(json.dumps(document))
    done = accuracy(
        "--rendered", quiet, "--real", tmp_path, "--out", tmp_path / "out", "--attention", "adaptive", "--strict"
    )
    assert done.exit_code == 1, done.output
    assert "missed jam jalan from 0.5 s" in done.output


def test_a_clip_that_is_not_there_is_said(quiet: Path, tmp_path: Path) -> None:
    done = accuracy("nowhere", "--rendered", quiet, "--real", tmp_path, "--out", tmp_path / "out")
    assert done.exit_code == 2
    assert "no clip nowhere; there are night_rain" in done.output
