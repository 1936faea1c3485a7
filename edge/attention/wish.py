"""The look that a camera wants next."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from edge.perception.observation import LookKind

STARE_SPAN_S = 2.5
STARE_FPS = 6.0
TOGETHER_S = 0.5
"""What is due so soon after the first wish is seen to in the same look."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A look that is wanted.

    Attributes:
        kind: glance or stare.
        after_s: seconds after the last look.
        span_s: how much of the past a stare should cover.
        fps: how many pictures a second a stare should have.
        water: whether to look for water, which costs a second network.
    """

    kind: LookKind
    after_s: float
    span_s: float = STARE_SPAN_S
    fps: float = STARE_FPS
    water: bool = False


def together(wishes: Iterable[Wish], otherwise: Wish) -> Wish:
    """One look for all that is due first: as soon as the most urgent wants it, as thorough as any of them needs it.

    Example:
        >>> together([Wish(LookKind.GLANCE, 2.0), Wish(LookKind.GLANCE, 2.3, water=True)], Wish(LookKind.GLANCE, 9.0))
        Wish(kind=<LookKind.GLANCE: 'glance'>, after_s=2.0, span_s=2.5, fps=6.0, water=True)
    """
    wanted = list(wishes) or [otherwise]
    first = min(wanted, key=lambda wish: wish.after_s)
    due = [wish for wish in wanted if wish.after_s <= first.after_s + TOGETHER_S]
    stares = [wish for wish in due if wish.kind is LookKind.STARE]
    most = max(stares, key=lambda wish: (wish.span_s, wish.fps)) if stares else first
    return replace(most, after_s=first.after_s, water=any(wish.water for wish in due))
