"""`python -m scripts.accuracy` from clip to report. Jams alone, and few looks: the rest has tests of its own."""

from __future__ import annotations

import json
import shutil
from itertools import islice
from pathlib import Path

import av
import typer
from typer.testing import CliRunner, Result

from contract.kinds import IncidentKind
from scripts.accuracy.__main__ import SAMPLES, main

OTHERS = [kind.value for kind in IncidentKind if kind is not IncidentKind.JAM]
QUICKLY = ("--attention", "adaptive", *(word for kind in OTHERS for word in ("--without", kind)))


def accuracy(*words: object) -> Result:
    app = typer.Typer()
    app.command()(main)
    return CliRunner().invoke(app, [str(word) for word in words])


def cut(folder: Path, pictures: int, jams: list[dict[str, object]] | None = None) -> None:
    """Puts the beginning of a quiet clip into a folder, with a truth that claims these jams."""
    folder.mkdir(exist_ok=True)
    document = json.loads((SAMPLES / "night_rain.json").read_text()) | {"incidents": jams or []}
    (folder / "night_rain.json").write_text(json.dumps(document))
    with av.open(str(SAMPLES / "night_rain.mp4")) as whole, av.open(str(folder / "night_rain.mp4"), "w") as short:
        source = whole.streams.video[0]
        target = short.add_stream_from_template(source)
        for packet in islice(whole.demux(source), pictures):
            packet.stream = target
            short.mux(packet)


def test_a_clip_is_analysed_scored_and_reported_and_strict_minds_what_is_missed(tmp_path: Path) -> None:
    cut(tmp_path / "clips", 92, [{"kind": "jam", "zone": "jalan", "from_s": 0.75, "to_s": 28.0}])
    out = tmp_path / "out"
    words = ("--rendered", tmp_path / "clips", "--real", tmp_path / "none", "--out", out)
    done = accuracy(*words, *QUICKLY, "--strict")
    assert done.exit_code == 1, done.output
    assert f"real clips: {tmp_path / 'none'} is not there" in done.output
    assert "missed jam jalan from 0.8 s" in done.output
    told = json.loads((out / "accuracy.json").read_text())
    (clip,) = told["clips"]
    assert (clip["name"], len(clip["missed"]), clip["episodes"]) == ("night_rain", 1, [])
    assert clip["stats"]["looks"] >= 2
    assert "night_rain" in (out / "index.html").read_text()


def test_a_clip_that_cannot_be_analysed_is_said_and_keeps_no_other_from_it(tmp_path: Path) -> None:
    folder = tmp_path / "clips"
    cut(folder, 33)
    shutil.copy(folder / "night_rain.json", folder / "broken.json")
    (folder / "broken.mp4").write_text("no video")
    done = accuracy("--rendered", folder, "--real", tmp_path, "--out", tmp_path / "out", *QUICKLY)
    assert done.exit_code == 2
    assert "failed  broken: " in done.output
    told = json.loads((tmp_path / "out" / "accuracy.json").read_text())
    assert [clip["name"] for clip in told["clips"]] == ["night_rain"]
    assert any(note.startswith("broken: ") for note in told["notes"])


def test_a_clip_that_is_not_there_is_said(tmp_path: Path) -> None:
    cut(tmp_path / "clips", 1)
    done = accuracy("nowhere", "--rendered", tmp_path / "clips", "--real", tmp_path, "--out", tmp_path / "out")
    assert done.exit_code == 2
    assert "no clip nowhere; there are night_rain" in done.output
