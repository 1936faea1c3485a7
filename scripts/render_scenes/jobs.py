"""Long drawing work: shared between Blender processes, resumable, with a progress bar. Imports no Blender itself."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from scripts.render_scenes.moment import Moment
from scripts.render_scenes.scenes.scene import Scene

CODE = Path(__file__).parent
# The rooms whose code changes pictures. Motion and scenes are not among them: the moments themselves are.
DRAWN_BY = ("geometry", "bodies", "place", "drawing")
LOOK_EVERY_S = 1.0
# A Blender process grows with every scene it has built; after so many stills a new one takes over.
STILLS_A_PROCESS = 40


def frames_folder(scene: Scene, moments: Sequence[Moment], work: Path) -> Path:
    """A folder named by all that the drawn canvases depend on, so that stale ones are never mixed in."""
    code = b"".join(path.read_bytes() for room in DRAWN_BY for path in sorted((CODE / room).glob("*.py")))
    told = repr((scene.camera, scene.plan, scene.weather, scene.seed, moments)).encode()
    return work / f"{scene.name}-{hashlib.sha256(code + told).hexdigest()[:10]}"


def default_workers() -> int:
    return max(1, (os.cpu_count() or 2) // 2)


def threads_each(workers: int) -> int:
    return max(1, (os.cpu_count() or 2) // max(1, workers))


def cpus_of(worker: int, workers: int) -> set[int]:
    """The processors that one of so many workers keeps to; none where the system cannot bind a process.

    Blender's denoiser starts a thread for every processor that it may use, whatever the settings say, and threads of
    two processes that share processors mostly wait for each other: unbound, two workers on two cores drew a third.
    """
    if not hasattr(os, "sched_setaffinity"):
        return set()
    usable = sorted(os.sched_getaffinity(0))
    return set(usable[worker % len(usable) :: max(1, min(workers, len(usable)))])


def share_out(
    what: str, words: Sequence[str], wanted: Sequence[Path], numbers: Sequence[int], *, workers: int, batch: int = 0
) -> float:
    """Have `workers` processes make the missing ones of `wanted`; returns the seconds it took for each.

    Each process is `python -m scripts.render_scenes WORDS --numbers …` and makes `wanted[i]` for each `numbers[i]`;
    with `batch` it gets that many and is followed by another. Raises SystemExit when one of them fails.
    """
    missing = [number for number, path in zip(numbers, wanted, strict=True) if not path.exists()]
    if not missing:
        return 0.0
    size = batch or -(-len(missing) // workers)
    waiting = [missing[i : i + size] for i in range(0, len(missing), size)]
    began, failed = time.monotonic(), False
    running: dict[int, subprocess.Popen[bytes]] = {}
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
               TimeRemainingColumn())  # fmt: skip
    try:
        with Progress(*columns, console=Console(stderr=True)) as progress:
            task = progress.add_task(what, total=len(wanted), completed=len(wanted) - len(missing))
            while waiting or running:
                for worker in set(range(workers)) - set(running):
                    if waiting and not failed:
                        running[worker] = _start(words, waiting.pop(0), cpus_of(worker, workers))
                time.sleep(LOOK_EVERY_S)
                failed |= any(process.poll() not in (None, 0) for process in running.values())
                running = {worker: process for worker, process in running.items() if process.poll() is None}
                progress.update(task, completed=sum(path.exists() for path in wanted))
                if failed and not running:
                    break
    finally:
        for process in running.values():
            with suppress(ProcessLookupError):
                process.terminate()
        for process in running.values():
            process.wait()
    if failed:
        raise SystemExit("a Blender process failed (see above); run the same command again to go on")
    return (time.monotonic() - began) / len(missing)


def _start(words: Sequence[str], numbers: Sequence[int], cpus: set[int]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "scripts.render_scenes", *words, "--numbers", json.dumps(list(numbers))]
    process = subprocess.Popen(command)
    if cpus:
        with suppress(ProcessLookupError):  # it ended at once: its exit code will tell
            os.sched_setaffinity(process.pid, cpus)
    return process
