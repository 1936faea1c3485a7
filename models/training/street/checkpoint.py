"""A training on disk, whole or not at all (needs torch)."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from models.training.street.recipe import Recipe

FORMAT = 1


class CheckpointError(Exception):
    """A checkpoint cannot be used; the text says why and what to do."""


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """Everything that the next step depends on; the data's place is `step` itself.

    Attributes:
        step: steps done.
        trained_s: seconds spent on them, over all runs.
        network, average, optimiser: state dictionaries.
        recipe: as `Recipe.described` gives it.
        sources: samples of each source, by name: other data are another training.
    """

    step: int
    trained_s: float
    network: Mapping[str, Any]
    average: Mapping[str, Any]
    optimiser: Mapping[str, Any]
    recipe: Mapping[str, Any]
    sources: Mapping[str, int]


def save(checkpoint: Checkpoint, path: Path) -> None:
    """Replace the file in one move, so that a kill at any moment leaves the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    content = {field: getattr(checkpoint, field) for field in Checkpoint.__slots__}
    with part.open("wb") as file:
        torch.save({"format": FORMAT, "random": torch.get_rng_state(), **content}, file)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


def load(path: Path) -> Checkpoint:
    """The checkpoint in this file; PyTorch's own randomness goes on where it was.

    Raises:
        CheckpointError: the file is damaged or of another format.
    """
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # torch.load raises what its unpickler happens to raise
        raise CheckpointError(f"{path} cannot be read ({error}): delete it to start again") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise CheckpointError(f"{path} is no checkpoint of format {FORMAT}: delete it to start again")
    torch.set_rng_state(content["random"])
    return Checkpoint(**{field: content[field] for field in Checkpoint.__slots__})


def require_same(checkpoint: Checkpoint, recipe: Recipe, sources: Mapping[str, int], path: Path) -> None:
    """Raises CheckpointError if the training on disk is not the one asked for."""
    asked = _plain(recipe.described())
    changed = [key for key, value in asked.items() if _plain(checkpoint.recipe).get(key) != value]
    if changed:
        raise CheckpointError(
            f"{path} was trained with other {', '.join(changed)}: give the same options to go on, another --run for "
            "another training, or --fresh to throw it away"
        )
    if dict(checkpoint.sources) != dict(sources):
        raise CheckpointError(
            f"{path} was trained on {dict(checkpoint.sources)}, now there is {dict(sources)}: --fresh starts again"
        )


def _plain(value: Any) -> Any:
    """Tuples as lists, as a file gives them back."""
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value
