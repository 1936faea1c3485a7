"""The loop (needs torch): step after step until the recipe's end, measured, logged, stoppable at any moment."""

import json
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import torch
from torch import Tensor, nn

from models.training.detection_graph import BACKBONE
from models.training.street import checkpoint, schedule
from models.training.street.assignment import Truth
from models.training.street.batches import Batch, Batches, Source
from models.training.street.evaluation import Examination
from models.training.street.losses import detection_loss, distillation
from models.training.street.network import Predictions, StreetNet
from models.training.street.recipe import CLASSES, COCO_CLASSES, Recipe
from models.training.street.samples import Labels
from models.training.street.weights import Weights

CHECKPOINT_EVERY_S = 180.0
LOG_EVERY = 20
ENDLESS = 10**9

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Report:
    """Where a training stands, for whoever watches."""

    step: int
    done: float
    trained_s: float
    loss: float
    images_s: float

    @property
    def left_s(self) -> float:
        """Seconds to the end at the speed so far."""
        return self.trained_s * (1 - self.done) / self.done if self.done else float("inf")


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """A `Batch` as tensors, which pass between processes without a copy."""

    images: Tensor
    clear: Tensor
    labels: tuple[Labels, ...]

    @classmethod
    def of(cls, batch: Batch) -> "Loaded":
        """The same memory, seen by torch."""
        return cls(torch.from_numpy(batch.images), torch.from_numpy(batch.clear), batch.labels)


class Training:
    """Network, running average, optimiser, and the files of one run: `last.pt` and `log.jsonl` in its folder.

    `first` are the weights to start from, of the recipe's architecture.
    """

    def __init__(
        self,
        recipe: Recipe,
        sources: Sequence[Source],
        folder: Path,
        first: Weights,
        *,
        teacher: StreetNet | None = None,
        device: str = "cpu",
        clock: Clock = time.monotonic,
    ) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe, self.step, self.trained_s = recipe, 0, 0.0
        self._folder, self._clock, self._device = folder, clock, torch.device(device)
        self._teacher = teacher.to(self._device, memory_format=torch.channels_last) if teacher else None
        self._batches = Batches(sources, recipe)
        self._samples = {source.name: len(source.samples) for source in self._batches.sources}
        self.network = StreetNet(first, recipe.architecture.strides).to(self._device, memory_format=torch.channels_last)
        self.average = StreetNet(first, recipe.architecture.strides).to(self._device)
        # A narrowed network is only the ruin of what it was cut from: nothing to hold on to.
        self._origin = (
            None if recipe.architecture.width < 1 else [p.detach().clone() for p in self.network.parameters()]
        )
        self._optimiser = torch.optim.AdamW(self._groups(), lr=recipe.learning_rate)

    def _groups(self) -> list[dict[str, Any]]:
        """Backbone, then neck and heads; biases do not decay."""
        backbone, heads = self.network.convolutions[:BACKBONE], self.network.convolutions[BACKBONE:]
        return [
            {
                "params": [p for p in part.parameters() if (p.dim() > 1) == kernels],
                "decay": self.recipe.weight_decay if kernels else 0.0,
                "share": share,
            }
            for part, share in ((backbone, 1.0), (heads, self.recipe.head_rate))
            for kernels in (True, False)
        ]

    @property
    def file(self) -> Path:
        """The checkpoint."""
        return self._folder / "last.pt"

    @property
    def done(self) -> float:
        """Share of the training that is done."""
        return schedule.progress(self.recipe, self.step, self.trained_s)

    def resume(self) -> bool:
        """Go on where the checkpoint stands; False if there is none.

        Raises:
            CheckpointError: it cannot be read, or belongs to another training.
        """
        if not self.file.is_file():
            return False
        saved = checkpoint.load(self.file)
        checkpoint.require_same(saved, self.recipe, self._samples, self.file)
        self.network.load_state_dict(saved.network)
        self.average.load_state_dict(saved.average)
        self._optimiser.load_state_dict(saved.optimiser)
        self.step, self.trained_s = saved.step, saved.trained_s
        return True

    def save(self) -> None:
        """Write the checkpoint."""
        state = checkpoint.Checkpoint(
            step=self.step,
            trained_s=self.trained_s,
            network=self.network.state_dict(),
            average=self.average.state_dict(),
            optimiser=self._optimiser.state_dict(),
            recipe=self.recipe.described(),
            sources=self._samples,
        )
        checkpoint.save(state, self.file)

    def run(
        self,
        *,
        workers: int,
        examination: Examination | None = None,
        examine_every: int = 500,
        watch: Callable[[Report], None] | None = None,
    ) -> bool:
        """Train to the end; False if SIGTERM or SIGINT came first. Either way the checkpoint is written.

        Time spent on examinations counts as training where the recipe counts minutes.
        """
        if self.done >= 1:
            return True
        saved_s = last_s = self._clock()
        losses: list[dict[str, float]] = []
        pictures, since_s = 0, self.trained_s
        with _stopping() as stop:
            for batch in self._loader(workers):
                losses.append(self._learn(batch))
                pictures += len(batch.images)
                self.step += 1
                last_s = self._elapse(last_s)
                if self.step % LOG_EVERY == 0:
                    means = {key: sum(loss[key] for loss in losses) / len(losses) for key in losses[0]}
                    report = Report(
                        self.step, self.done, self.trained_s, means["total"], pictures / (self.trained_s - since_s)
                    )
                    self._log(
                        kind="loss", images_s=round(report.images_s, 2), **{k: round(v, 4) for k, v in means.items()}
                    )
                    if watch:
                        watch(report)
                    losses, pictures, since_s = [], 0, self.trained_s
                if examination and self.step % examine_every == 0:
                    self._examine(examination)
                    last_s = self._elapse(last_s)
                    since_s = self.trained_s
                    pictures = 0
                if self._clock() - saved_s > CHECKPOINT_EVERY_S:
                    self.save()
                    saved_s = self._clock()
                if stop() or self.done >= 1:
                    break
        self.save()
        if self.done >= 1 and examination:
            self._examine(examination)
        return self.done >= 1

    def speed(self, steps: int) -> float:
        """Pictures a second that are learned from, without loading them; what is learned is for the bin."""
        batch = Loaded.of(self._batches[0])
        self._learn(batch)  # the first one also lays out memory
        begin_s = self._clock()
        for _ in range(steps):
            self._learn(batch)
        return steps * len(batch.images) / (self._clock() - begin_s)

    def _elapse(self, since_s: float) -> float:
        now_s = self._clock()
        self.trained_s += now_s - since_s
        return now_s

    def _loader(self, workers: int) -> Iterator[Loaded]:
        last = self.recipe.steps or ENDLESS
        loader = torch.utils.data.DataLoader(
            self._batches,
            batch_size=None,
            sampler=range(self.step, last),
            num_workers=workers,
            collate_fn=Loaded.of,
            prefetch_factor=4 if workers else None,
            worker_init_fn=_heed_no_signals,
        )
        return iter(loader)

    def _learn(self, batch: Loaded) -> dict[str, float]:
        probing = schedule.probing(self.recipe, self.step)
        rate = schedule.learning_rate(self.recipe, self.step, self.done)
        for group in self._optimiser.param_groups:
            group["lr"] = rate if probing else rate * group["share"]
            # Decay would reach the known rows too, whatever their gradient.
            group["weight_decay"] = 0.0 if probing else group["decay"]
        new = self._rows_of_new_classes()
        for parameter in self.network.parameters():
            parameter.requires_grad_(not probing or parameter in new)
        images, clear = batch.images.to(self._device), batch.clear.to(self._device)
        with torch.autocast(self._device.type, torch.bfloat16, enabled=self.recipe.bfloat16):
            seen = self.network(images)
        loss = detection_loss(seen, [truth_of(labels, self._device) for labels in batch.labels])
        distil = self._distilled(clear, seen, loss.answered)
        total = loss.total + distil
        self._optimiser.zero_grad(set_to_none=True)
        total.backward()
        if probing:
            for parameter, rows in new.items():
                known = torch.ones(len(parameter), dtype=torch.bool, device=parameter.device)
                known[rows] = False
                if parameter.grad is not None:
                    parameter.grad[known] = 0
        norm = nn.utils.clip_grad_norm_(self.network.parameters(), self.recipe.clip_norm)
        if not torch.isfinite(norm):
            raise FloatingPointError(
                f"the loss is no number at step {self.step}: lower the learning rate ({self.recipe.learning_rate})"
            )
        self._optimiser.step()
        if not probing:
            self._pull_home(rate)
        self._follow()
        parts = {
            "score": loss.score,
            "box": loss.box,
            "bins": loss.bins,
            "distil": distil,
            "total": total,
            "norm": norm,
        }
        return {"rate": rate, **{key: float(value.detach()) for key, value in parts.items()}}

    def _rows_of_new_classes(self) -> dict[nn.Parameter, slice]:
        """What no known class reads: the new classes' rows of the predictions, and the channels for them alone."""
        own = self.recipe.architecture.own_channels
        rows: dict[nn.Parameter, slice] = {}
        for head, prediction in self.network.heads():
            rows |= dict.fromkeys(prediction.parameters(), slice(COCO_CLASSES, len(CLASSES)))
            if own:
                rows |= dict.fromkeys(head.parameters(), slice(len(head.bias) - own, None))
        return rows

    def _distilled(self, clear: Tensor, seen: Predictions, answered: Tensor) -> Tensor:
        """The teacher sees what the weather hides, so that the pupil learns to see through it."""
        if self._teacher is None or not self.recipe.distil:
            return torch.zeros((), device=self._device)
        with torch.no_grad(), torch.autocast(self._device.type, torch.bfloat16, enabled=self.recipe.bfloat16):
            known = self._teacher(clear)
        # Trained on, it learns the new classes better than they are known so far.
        classes = COCO_CLASSES if self.recipe.begin else None
        return self.recipe.distil * distillation(seen, known, classes, answered)

    @torch.no_grad()
    def _pull_home(self, rate: float) -> None:
        """Decoupled from the gradient, as AdamW decouples weight decay (arXiv:1711.05101)."""
        if self._origin is not None and self.recipe.anchor:
            for parameter, home in zip(self.network.parameters(), self._origin, strict=True):
                parameter.lerp_(home, rate * self.recipe.anchor)

    @torch.no_grad()
    def _follow(self) -> None:
        stays = schedule.averaging(self.recipe, self.step)
        for mean, value in zip(self.average.parameters(), self.network.parameters(), strict=True):
            mean.lerp_(value, 1 - stays)

    def _examine(self, examination: Examination) -> None:
        self._log(kind="examination", **examination.of(self.average))

    def _log(self, **entry: Any) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        where = {"step": self.step, "done": round(self.done, 4), "trained_s": round(self.trained_s, 1)}
        with (self._folder / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps({**where, **entry}) + "\n")


def truth_of(labels: Labels, device: torch.device | str = "cpu") -> Truth:
    """Labels as tensors."""
    return Truth(
        torch.from_numpy(labels.boxes).to(device),
        torch.from_numpy(labels.classes).to(device),
        torch.from_numpy(labels.ignored).to(device),
        torch.from_numpy(labels.ignored_for).to(device),
    )


def averaged_weights(file: Path) -> tuple[Weights, dict[str, Any]]:
    """Weights of the running average in a checkpoint, and the recipe that made them.

    Raises:
        CheckpointError: the file is damaged.
    """
    saved = checkpoint.load(file)
    count = len(saved.average) // 2
    pairs = [(saved.average[f"convolutions.{n}.weight"], saved.average[f"convolutions.{n}.bias"]) for n in range(count)]
    return [(kernel.numpy(), bias.numpy()) for kernel, bias in pairs], dict(saved.recipe)


def _heed_no_signals(_worker: int) -> None:
    """What stops a training often reaches all its processes; those that make batches end when the training does."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)


@contextmanager
def _stopping() -> Iterator[Callable[[], bool]]:
    """While inside, SIGTERM and SIGINT only set what the function given tells."""
    asked = False

    def ask(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        asked = True

    before = {number: signal.signal(number, ask) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield lambda: asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
