"""The look that a camera wants next."""

from collections.abc import Iterable, Sequence
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


class Wishes:
    """What several askers wait for. Each counts from the last look, whoever wanted it, so one that is asked again and
    again would never be due beside a more impatient one: it keeps the earliest moment until a look has met its wish.
    """

    def __init__(self) -> None:
        self._due: dict[int, tuple[float, Wish]] = {}

    def met_by(self, look: Wish) -> None:
        """A look was taken: who wished for no more than this waits no longer."""
        self._due = {asker: due for asker, due in self._due.items() if not _meets(look, due[1])}

    def next(self, now: float, wishes: Sequence[Wish | None], otherwise: Wish) -> Wish:
        """One look for all that is due first.

        Args:
            now: time of the last look, epoch seconds.
            wishes: of the askers, in an order that stays; None where one is content.
            otherwise: what is wanted where all are.
        """
        for asker, wish in enumerate(wishes):
            if wish is None:
                self._due.pop(asker, None)
            else:
                at = now + wish.after_s
                self._due[asker] = (min(at, self._due.get(asker, (at, wish))[0]), wish)
        return together([replace(wish, after_s=max(0.0, at - now)) for at, wish in self._due.values()], otherwise)


def _meets(look: Wish, wish: Wish) -> bool:
    deep_enough = look.kind is LookKind.STARE or wish.kind is LookKind.GLANCE
    return deep_enough and (look.water or not wish.water)
