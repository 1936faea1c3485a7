"""The command line and how long work is shared out (without Blender)."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from scripts.render_scenes import jobs
from scripts.render_scenes.__main__ import _chosen, app
from scripts.render_scenes.moment import Moment
from scripts.render_scenes.scenes.named import SCENES
from scripts.render_scenes.scenes.scene import Lens

JAM = SCENES["jam_builds_up"]


def test_list_names_every_scene() -> None:
    shown = CliRunner().invoke(app, ["list"])
    assert shown.exit_code == 0
    assert [line.split()[0] for line in shown.output.splitlines()] == list(SCENES)


def test_an_unknown_scene_is_refused_with_the_names_there_are() -> None:
    refused = CliRunner().invoke(app, ["scene", "jam"])
    assert refused.exit_code != 0
    assert "jam_builds_up" in refused.output
    assert "random:SEED" in refused.output


def test_a_random_scene_is_named_by_its_seed_in_both_its_forms() -> None:
    assert [scene.name for scene in _chosen(["random:101", "random_101", "red_light"])] == [
        "random_101",
        "random_101",
        "red_light",
    ]


def test_drawn_frames_are_kept_under_what_they_depend_on(tmp_path: Path) -> None:
    moments = (Moment(0.0),)
    kept = jobs.frames_folder(JAM, moments, tmp_path)
    assert jobs.frames_folder(replace(JAM, lens=Lens(noise=9.0)), moments, tmp_path) == kept, "the lens comes later"
    assert jobs.frames_folder(JAM, (Moment(0.0, wet=1.0),), tmp_path) != kept
    assert jobs.frames_folder(replace(JAM, seed=21), moments, tmp_path) != kept


def test_work_that_is_done_is_not_done_again(tmp_path: Path) -> None:
    done = tmp_path / "00000.png"
    done.write_bytes(b"")
    assert jobs.share_out("nothing", ["no-such-command"], [done], [0], workers=1) == 0.0


def test_a_failing_process_stops_the_work_and_says_how_to_go_on(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="run the same command again"):
        jobs.share_out("broken", ["no-such-command"], [tmp_path / "00000.png"], [0], workers=1)


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system binds no process to processors")
@pytest.mark.parametrize("workers", [1, 2, 3, 100])
def test_workers_share_the_processors_and_every_one_has_some(workers: int) -> None:
    usable = os.sched_getaffinity(0)
    shares = [jobs.cpus_of(worker, workers) for worker in range(workers)]
    assert set().union(*shares) == usable
    assert all(shares)
    if workers <= len(usable):
        assert sum(map(len, shares)) == len(usable)


def test_the_words_given_to_a_drawing_process_are_understood(tmp_path: Path) -> None:
    usage_error = 2
    for words in (
        ["draw-stills", "--out", str(tmp_path)],
        ["draw-frames", "jam_builds_up", "--work", str(tmp_path)],
        ["draw-frames", "random_101", "--work", str(tmp_path)],
    ):
        answer = CliRunner().invoke(app, [*words, "--workers", "1", "--numbers", "[]"])
        # Without Blender it cannot draw; it must not fail before that.
        assert answer.exit_code != usage_error, answer.output
