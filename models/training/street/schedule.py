"""How fast to learn, as a function of the share of the training that is done (cosine, arXiv:1608.03983). No torch."""

from math import cos, pi

from models.training.street.recipe import Recipe


def progress(recipe: Recipe, step: int, trained_s: float) -> float:
    """Share of the training that is done, 0 to 1: of the steps where the recipe counts steps, else of the time."""
    done = step / recipe.steps if recipe.steps else trained_s / (60 * recipe.minutes)
    return min(1.0, done)


def learning_rate(recipe: Recipe, step: int, done: float) -> float:
    """Rises linearly over the first share `warm_up`, then falls along half a cosine to `last_rate` of its height.

    While new classes are probed it is `probe_rate`, which falls likewise where nothing follows.
    """
    if probing(recipe, step) and recipe.probe_steps < recipe.steps:
        return recipe.probe_rate
    highest = recipe.probe_rate if probing(recipe, step) else recipe.learning_rate
    if done < recipe.warm_up:
        return highest * max(done / recipe.warm_up, 1e-3)
    fallen = (1 - cos(pi * (done - recipe.warm_up) / (1 - recipe.warm_up))) / 2
    return highest * (1 - (1 - recipe.last_rate) * fallen)


def probing(recipe: Recipe, step: int) -> bool:
    """Whether this step only teaches new classes."""
    return step < recipe.probe_steps


def averaging(recipe: Recipe, step: int) -> float:
    """Share of the running average that stays at this step: small at first, so that the start does not linger."""
    return min(recipe.ema_decay, (1 + step) / (10 + step))
