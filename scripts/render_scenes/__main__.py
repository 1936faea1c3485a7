"""Render street scenes with exact truth: named and random ones as videos, random ones as training stills.

Drawing needs the render environment (`bpy`); `list` and `--truth-only` do not. Whatever was stopped goes on where it
was when the same command is given again.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import cv2
import typer

from scripts.render_scenes import encode, jobs, lens, sheet, stills
from scripts.render_scenes.scenes.named import SCENES
from scripts.render_scenes.scenes.random_clip import random_clip, seed_of
from scripts.render_scenes.scenes.random_still import View
from scripts.render_scenes.scenes.scene import Scene
from scripts.render_scenes.truth import agreement, description

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False)
Out = Annotated[Path, typer.Option(help="folder for the videos and their truth")]
Work = Annotated[Path, typer.Option(help="folder for the drawn frames (resumable)")]
Workers = Annotated[int, typer.Option(min=1, help="Blender processes")]
Samples = Annotated[int, typer.Option(min=1, help="paths a pixel: 1 is quick and blotchy, labels are the same")]
ViewOption = Annotated[View, typer.Option(help="camera on a mast, high on a building, or far above a full road")]
Numbers = Annotated[str, typer.Option(help="JSON list")]
SAMPLES, FRAMES, WORKERS = Path("sample_videos"), Path("build/render"), jobs.default_workers()


@app.command("list")
def list_scenes() -> None:
    """Name the scenes."""
    for name, scene in SCENES.items():
        print(f"{name:16} seed {scene.seed:5}  {scene.frames / scene.fps:3.0f} s  {scene.weather.light}")


@app.command()
def scene(
    names: Annotated[list[str], typer.Argument(help="names as `list` shows them, `all`, or random:SEED")],
    out: Out = SAMPLES,
    *,
    work: Work = FRAMES,
    workers: Workers = WORKERS,
    frames: Annotated[str, typer.Option(help="only these (0,40,280), as PNG into the work folder")] = "",
    truth_only: Annotated[bool, typer.Option("--truth-only", help="write the JSON, draw nothing")] = False,
) -> None:
    """Render named scenes, or random ones: video and truth."""
    for chosen in _chosen(names):
        only = [int(number) for number in frames.split(",")] if frames else None
        _render(chosen, out, work, workers, only, draw=not truth_only)


@app.command("stills")
def make_stills(
    count: Annotated[int, typer.Argument(min=0, help="how many")],
    out: Annotated[Path, typer.Option(help="folder for pictures, truth, masks and instances.json")],
    *,
    seed: Annotated[int, typer.Option(help="seed of the first; the others follow")] = 0,
    seeds: Annotated[str, typer.Option(help="these too: 0-103,126-143,1003")] = "",
    showing: Annotated[str, typer.Option(help="only streets that show something of this class: vendor, bus, …")] = "",
    view: ViewOption = "mast",
    workers: Workers = WORKERS,
    samples: Samples = stills.SAMPLES,
) -> None:
    """Render random training stills with labels (COCO) and masks."""
    try:
        chosen = stills.seeds_showing(showing, seed, count, view) if showing else list(range(seed, seed + count))
        chosen += stills.seeds_of(seeds) if seeds else []
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    if not chosen:
        raise typer.BadParameter("nothing to draw: give a count above 0, or --seeds")
    seconds = stills.make(out, chosen, workers, samples, view)
    print(
        f"{len(chosen)} stills in {out}" + (f", {seconds:.2f} s for each new one" if seconds else ", none was missing")
    )


@app.command()
def check(
    folder: Annotated[Path, typer.Argument(help="a folder of stills")],
    objects: Annotated[int, typer.Option(min=1, help="how many whole things to sample")] = 200,
    least: Annotated[float, typer.Option(min=0, max=1, help="the IoU that each must reach")] = 0.9,
) -> None:
    """Compare the truth's boxes with the pixels that Blender drew; exit code 1 when one does not fit."""
    found = agreement.fits(folder)
    chosen = sorted(agreement.sampled(found, objects), key=lambda fit: fit.iou)
    if not chosen:
        raise SystemExit(f"{folder} shows nothing whole to compare; render stills into it first")
    ious = [fit.iou for fit in chosen]
    print(f"{len(chosen)} of {len(found)} whole things: IoU median {ious[len(ious) // 2]:.3f}, least {ious[0]:.3f}")
    poor = [fit for fit in chosen if fit.iou < least]
    for fit in poor:
        print(f"  {fit.still} {fit.kind} {fit.track}: IoU {fit.iou:.2f}, truth {fit.box}, drawn {fit.drawn}")
    if poor:
        raise typer.Exit(1)


@app.command("sheet")
def make_sheets(
    docs: Annotated[Path, typer.Option(help="folder for the pictures")] = Path("docs/pictures"),
    samples: Out = SAMPLES,
    from_stills: Annotated[Path | None, typer.Option(help="a folder of stills, for a sheet of twelve")] = None,
) -> None:
    """Lay contact sheets of the sample videos (and of twelve random stills) for the docs."""
    sheet.of_videos([samples / f"{name}.mp4" for name in SCENES], docs / "samples.jpg")
    if from_stills:
        sheet.of_stills(from_stills, docs / "stills.jpg")


@app.command("draw-frames", hidden=True)
def draw_frames(name: str, numbers: Numbers, work: Work = FRAMES, workers: Workers = 1) -> None:
    from scripts.render_scenes.drawing import worker  # noqa: PLC0415 - only a process that draws needs bpy

    (chosen,) = _chosen([name])
    moments = chosen.story.moments(chosen)
    folder = jobs.frames_folder(chosen, moments, work)
    worker.draw(chosen, moments, folder, json.loads(numbers), jobs.threads_each(workers))


@app.command("draw-stills", hidden=True)
def draw_stills(
    numbers: Numbers, out: Out, workers: Workers = 1, samples: Samples = stills.SAMPLES, view: ViewOption = "mast"
) -> None:
    stills.draw(out, json.loads(numbers), jobs.threads_each(workers), samples, view)


def _chosen(names: list[str]) -> list[Scene]:
    if names == ["all"]:
        return list(SCENES.values())
    return [_scene(name) for name in names]


def _scene(name: str) -> Scene:
    seed = seed_of(name)
    if seed is not None:
        return random_clip(seed)
    if name not in SCENES:
        raise typer.BadParameter(f"{name!r} is no scene; there are {', '.join(SCENES)}, and random:SEED")
    return SCENES[name]


def _render(chosen: Scene, out: Path, work: Path, workers: int, only: list[int] | None, *, draw: bool) -> None:
    moments = chosen.story.moments(chosen)
    folder = jobs.frames_folder(chosen, moments, work)
    wanted = only or list(range(chosen.frames))
    if draw:
        folder.mkdir(parents=True, exist_ok=True)
        words = ["draw-frames", chosen.name, "--work", str(work), "--workers", str(workers)]
        seconds = jobs.share_out(chosen.name, words, [folder / f"{n:05d}.png" for n in wanted], wanted, workers=workers)
        print(f"{chosen.name}: frames in {folder}" + (f", {seconds:.2f} s for each new one" if seconds else ""))
    finished = folder / "finished"
    if only:
        finished.mkdir(exist_ok=True)
        for number in only:
            cv2.imwrite(str(finished / f"{number:05d}.png"), _picture(chosen, folder, number))
        print(f"{chosen.name}: pictures in {finished}")
        return
    out.mkdir(parents=True, exist_ok=True)
    description.write(chosen, out / f"{chosen.name}.json")
    if draw:
        pictures = (_picture(chosen, folder, n) for n in wanted)
        encode.encode(pictures, out / f"{chosen.name}.mp4", chosen.fps, chosen.lens.crf)


def _picture(chosen: Scene, folder: Path, number: int) -> cv2.typing.MatLike:
    path = folder / f"{number:05d}.png"
    canvas = cv2.imread(str(path))
    if canvas is None:
        raise SystemExit(f"{path} is not a readable picture; delete it and render again")
    return lens.finish(canvas, chosen, chosen.story.moments(chosen)[number], number)


if __name__ == "__main__":
    app()
