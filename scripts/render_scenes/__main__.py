"""Render a named scene: `python -m scripts.render_scenes jam_builds_up --out sample_videos`.

Needs the render environment (`bpy`). A run that was stopped goes on where it was: frames that exist are
kept, unless the scene, the renderer's code or the samples have changed.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from scripts.render_scenes import encode, truth
from scripts.render_scenes.scenes import SCENES, Scene, drive
from scripts.render_scenes.silhouette import compose, regions, touched

STREET_SAMPLES = 64
VEHICLE_SAMPLES = 6
CODE = Path(__file__).parent


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scripts.render_scenes", description=__doc__)
    parser.add_argument("scene", choices=sorted(SCENES))
    parser.add_argument("--out", type=Path, default=Path("sample_videos"), help="folder for the video and its truth")
    parser.add_argument("--work", type=Path, default=Path("build/render"), help="folder for the frames (resumable)")
    parser.add_argument("--workers", type=int, default=max(1, (os.cpu_count() or 2) // 2), help="Blender processes")
    parser.add_argument("--frames", help="draw only these (for example 0,40,280) and encode nothing")
    parser.add_argument("--truth-only", action="store_true", help="write the JSON, draw nothing (needs no bpy)")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    return parser.parse_args(argv)


def _frames_folder(scene: Scene, work: Path) -> Path:
    """A folder named by all that the pictures depend on, so that stale frames are never mixed in."""
    code = b"".join(
        p.read_bytes() for p in sorted(CODE.glob("*.py")) if p.name not in ("__main__.py", "encode.py", "truth.py")
    )
    key = hashlib.sha256(code + repr((scene, STREET_SAMPLES, VEHICLE_SAMPLES)).encode()).hexdigest()[:10]
    return work / f"{scene.name}-{key}"


@contextlib.contextmanager
def _blender_muted() -> Iterator[None]:
    """Send what Blender's C code prints for every picture to nowhere; errors still reach stderr."""
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)


def _draw(scene: Scene, folder: Path, numbers: list[int], threads: int) -> None:
    """Draw the frames that are missing: the empty street once, then only what the vehicles change."""
    from scripts.render_scenes.stage import Stage  # noqa: PLC0415 - only a process that draws needs bpy

    scratch = folder / f"scratch-{os.getpid()}"
    scratch.mkdir()
    with _blender_muted():
        stage = Stage(scene, threads)
        if not (folder / "street.png").exists():
            stage.render(scratch / "street.png", STREET_SAMPLES)
            (scratch / "street.png").replace(folder / "street.png")
        empty = cv2.imread(str(folder / "street.png"))
        for number in numbers:
            vehicles = drive(scene)[number]
            mask = touched(vehicles, scene)
            stage.place(vehicles)
            drawn = [(r, stage.render(scratch / "part.png", VEHICLE_SAMPLES, r)) for r in regions(mask)]
            cv2.imwrite(str(scratch / "frame.png"), compose(empty, drawn, mask))
            (scratch / "frame.png").replace(folder / f"{number:05d}.png")
    (scratch / "part.png").unlink(missing_ok=True)
    scratch.rmdir()


def _draw_all(scene: Scene, folder: Path, wanted: list[int], args: argparse.Namespace) -> None:
    """Share the missing frames between worker processes and show how far they are."""
    missing = [n for n in wanted if not (folder / f"{n:05d}.png").exists()]
    if not missing:
        return
    started = time.monotonic()
    command = [
        sys.executable,
        "-m",
        "scripts.render_scenes",
        scene.name,
        "--work",
        str(args.work),
        "--workers",
        str(args.workers),
    ]
    if not (folder / "street.png").exists():
        # One process with all cores draws the street before the others need it.
        subprocess.run([*command, "--worker", ""], check=True)
    shares = [missing[i :: args.workers] for i in range(args.workers)]
    workers = [subprocess.Popen([*command, "--worker", ",".join(map(str, s))]) for s in shares if s]
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    try:
        with Progress(*columns, console=Console(stderr=True)) as progress:
            task = progress.add_task(scene.name, total=len(wanted), completed=len(wanted) - len(missing))
            while any(w.poll() is None for w in workers):
                progress.update(task, completed=sum((folder / f"{n:05d}.png").exists() for n in wanted))
                time.sleep(1.0)
            progress.update(task, completed=sum((folder / f"{n:05d}.png").exists() for n in wanted))
    finally:
        for worker in workers:
            worker.terminate()
    if any(worker.wait() for worker in workers):
        raise SystemExit("a Blender process failed (see above); run the same command again to go on")
    print(f"{(time.monotonic() - started) / len(missing):.2f} s a frame")


def _write_truth(scene: Scene, path: Path) -> None:
    """One line a frame, so that a change of the truth can be read as a difference."""
    described = truth.describe(scene)
    frames = ",\n".join(json.dumps(frame, separators=(",", ":")) for frame in described.pop("frames"))
    tracks = ",\n".join(json.dumps(track, separators=(",", ":")) for track in described.pop("tracks"))
    head = json.dumps(described, indent=1)[:-2]
    path.write_text(f'{head},\n "tracks": [\n{tracks}\n ],\n "frames": [\n{frames}\n ]\n}}\n')


def main(argv: list[str] | None = None) -> None:
    args = _arguments(argv)
    scene = SCENES[args.scene]
    folder = _frames_folder(scene, args.work)
    folder.mkdir(parents=True, exist_ok=True)
    if args.worker is not None:
        threads = max(1, (os.cpu_count() or 2) // args.workers) if args.worker else os.cpu_count() or 2
        _draw(scene, folder, [int(n) for n in args.worker.split(",") if n], threads)
        return
    wanted = [int(n) for n in args.frames.split(",")] if args.frames else list(range(scene.frames))
    if not args.truth_only:
        _draw_all(scene, folder, wanted, args)
        print(f"frames in {folder}")
    if args.frames:
        return
    args.out.mkdir(parents=True, exist_ok=True)
    _write_truth(scene, args.out / f"{scene.name}.json")
    if not args.truth_only:
        encode.encode([folder / f"{n:05d}.png" for n in wanted], args.out / f"{scene.name}.mp4", scene.fps)


if __name__ == "__main__":
    main()
