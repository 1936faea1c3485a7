"""A training that may be stopped at any moment: the same command goes on where it was."""

import json
import math
import os
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import torch
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from torch import Tensor

from models.training.water.batches import Deck
from models.training.water.losses import Batch, loss
from models.training.water.network import WaterNetwork

CHECKPOINT_S = 120.0
LOG_EVERY = 20
CLIP_NORM = 5.0
EMA_DECAY = 0.998


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long and how fast.

    Attributes:
        steps: the training ends here.
        minutes: or here, in minutes of work over all its runs; 0 for no limit. Whichever is nearer sets the rate, so a
            training that time ends is not repeatable to the step; one that steps end is.
        backbone_rate: AdamW's, at its highest, for the published weights.
        head_rate: the same for the weights that start at random.
        warm_up: steps until the rates are reached.
        weight_decay: AdamW's.
    """

    steps: int
    minutes: float = 0.0
    backbone_rate: float = 2e-4
    head_rate: float = 1e-3
    warm_up: int = 60
    weight_decay: float = 0.02

    def progress(self, step: int, worked_s: float) -> float:
        """0 at the start, 1 at the end."""
        timed = worked_s / (self.minutes * 60) if self.minutes else 0.0
        return min(1.0, max(step / self.steps, timed))

    def factor(self, step: int, worked_s: float) -> float:
        """Of the rates: a linear start, then half a cosine (arXiv:1608.03983) down to a hundredth."""
        cosine = 0.5 * (1 + math.cos(math.pi * self.progress(step, worked_s)))
        return min(1.0, (step + 1) / self.warm_up) * (0.01 + 0.99 * cosine)


class StoppedError(Exception):
    """Somebody ended the training before its end; what it had is in the checkpoint."""


class Loop:
    """Network, average of its weights, optimiser and where they are in the schedule."""

    def __init__(self, network: WaterNetwork, schedule: Schedule, checkpoint: Path) -> None:
        self.network = network.to(memory_format=torch.channels_last)
        self.schedule, self.checkpoint = schedule, checkpoint
        self.step, self.worked_s = 0, 0.0
        self.average = {name: value.clone() for name, value in self.network.state_dict().items()}
        learning = {name: value for name, value in self.network.named_parameters() if value.requires_grad}
        backbone = [value for name, value in learning.items() if name.startswith("backbone.")]
        head = [value for name, value in learning.items() if not name.startswith("backbone.")]
        self.optimiser = torch.optim.AdamW(
            [{"params": backbone, "base": schedule.backbone_rate}, {"params": head, "base": schedule.head_rate}],
            lr=schedule.head_rate,
            weight_decay=schedule.weight_decay,
        )

    @property
    def finished(self) -> bool:
        """Whether the schedule is at its end."""
        return self.schedule.progress(self.step, self.worked_s) >= 1

    def resume(self) -> bool:
        """Take up the checkpoint if there is one; whether there was."""
        if not self.checkpoint.is_file():
            return False
        told = torch.load(self.checkpoint, map_location="cpu", weights_only=True)
        self.network.load_state_dict(told["network"])
        self.optimiser.load_state_dict(told["optimiser"])
        self.average = told["average"]
        self.step, self.worked_s = told["step"], told["worked_s"]
        return True

    def save(self) -> None:
        """Write the checkpoint; a stop in the middle leaves the one before."""
        self.checkpoint.parent.mkdir(parents=True, exist_ok=True)
        draft = self.checkpoint.with_suffix(".part")
        told = {
            "network": self.network.state_dict(),
            "average": self.average,
            "optimiser": self.optimiser.state_dict(),
            "step": self.step,
            "worked_s": self.worked_s,
            "schedule": asdict(self.schedule),
        }
        with draft.open("wb") as file:
            torch.save(told, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.checkpoint)

    def run(self, deck: Deck, label: str) -> None:
        """Train to the end of the schedule.

        Raises:
            StoppedError: a signal came; the checkpoint is written.
        """
        log = self.checkpoint.with_suffix(".jsonl")
        last_save = time.monotonic()
        with _signals() as stop, _bar() as bar:
            task = bar.add_task(label, total=1.0, note="")
            while not self.finished:
                began = time.monotonic()
                parts = self.advance(deck.batch(self.step))
                self.worked_s += time.monotonic() - began
                note = f"step {self.step}  mask {parts['mask']:.3f}  flood {parts['flood']:.3f}"
                bar.update(task, completed=self.schedule.progress(self.step, self.worked_s), note=note)
                if self.step % LOG_EVERY == 0:
                    _append(log, {"step": self.step, "worked_s": round(self.worked_s, 1), **parts})
                if stop or time.monotonic() - last_save > CHECKPOINT_S:
                    self.save()
                    last_save = time.monotonic()
                if stop:
                    raise StoppedError(f"{label} stopped at step {self.step}; the same command goes on from there")
        self.save()

    def advance(self, batch: Batch) -> dict[str, float]:
        """One step; the parts of its loss."""
        torch.manual_seed(self.step)  # dropout, too, is the same after a resume
        self.network.train()
        factor = self.schedule.factor(self.step, self.worked_s)
        for group in self.optimiser.param_groups:
            group["lr"] = group["base"] * factor
        total, parts = loss(self.network(batch.image), batch)
        self.optimiser.zero_grad(set_to_none=True)
        total.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), CLIP_NORM)
        self.optimiser.step()
        self.step += 1
        self._average()
        return parts

    def _average(self) -> None:
        """Of the weights over the last few hundred steps (Polyak); a young average follows faster."""
        decay = min(EMA_DECAY, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            for name, value in self.network.state_dict().items():
                self.average[name].lerp_(value, 1 - decay)


def store(network: WaterNetwork, path: Path) -> None:
    """Keep a network that is no longer trained, where `averaged` reads it."""
    draft = path.with_suffix(".part")
    torch.save({"average": network.state_dict()}, draft)
    draft.replace(path)


def averaged(checkpoint: Path) -> WaterNetwork:
    """The network of a checkpoint with its averaged weights, for looking."""
    network = WaterNetwork()
    told: Mapping[str, Any] = torch.load(checkpoint, map_location="cpu", weights_only=True)
    average: Mapping[str, Tensor] = told["average"]
    network.load_state_dict(average)
    network.eval()
    return network


def _append(log: Path, told: Mapping[str, float]) -> None:
    with log.open("a", encoding="utf-8") as lines:
        lines.write(json.dumps({k: round(v, 4) for k, v in told.items()}) + "\n")


def _bar() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    return Progress(*columns, TimeRemainingColumn(), TextColumn("{task.fields[note]}"), console=Console(stderr=True))


@contextmanager
def _signals() -> Iterator[list[int]]:
    """A list that fills when somebody asks to stop (SIGTERM, Ctrl-C)."""
    asked: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        asked.append(number)

    before = {number: signal.signal(number, note) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
