"""The fewest crops that show all of some cars whole and large enough: a search.

Every inference costs the same, whatever it shows, so few crops are what makes looking closer cheap. Some crop must show
the farthest car that none shows yet, and may as well be as large as that car allows: it then serves every nearer car
that it shows. What is to be found is only where it lies.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from models.zoom import BORDER, Crop

POSITIONS = 64
"""Tried for a crop in each direction."""
PARTS_X, PARTS_Y, BEAM = 4, 2, 8
"""Of the search. Of random views that need two crops or more, nine in ten then get the fewest that are possible; where
only the one best position is followed (1, 1, 1), two in three."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture and the network that looks at it.

    Attributes:
        width: of the picture, pixels.
        height: of the picture, pixels.
        input_side: pixels that the longer side of a picture or crop becomes at the network's input.

    Raises:
        ValueError: one of them is not positive.
    """

    width: int
    height: int
    input_side: int

    def __post_init__(self) -> None:
        if min(self.width, self.height, self.input_side) <= 0:
            raise ValueError(f"width, height and input_side must be positive, not {self}")

    @property
    def scale(self) -> float:
        """Pixels of the network's input per pixel of the whole frame."""
        return self.input_side / max(self.width, self.height)

    def crop_size(self, car_px: float, wanted_px: float) -> tuple[int, int]:
        """Width and height of the largest crop of the frame's proportions that shows this car with `wanted_px`."""
        share = car_px * self.scale / wanted_px
        return max(1, int(self.width * share)), max(1, int(self.height * share))


@dataclass(frozen=True, slots=True, eq=False)
class Cars:
    """Cars that may stand somewhere, one a row.

    Attributes:
        px: float [n], pixels of the frame: the root of the box's area.
        boxes: int [n, 4], x1, y1, x2, y2: what shows the car whole.
    """

    px: NDArray[np.float64]
    boxes: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.px)

    def __getitem__(self, rows: NDArray[np.bool_] | NDArray[np.intp] | list[int] | slice) -> "Cars":
        return Cars(self.px[rows], self.boxes[rows])

    def shown_by(
        self, frame: Frame, size: tuple[int, int], xs: NDArray[np.int64], ys: NDArray[np.int64]
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Which cars crops of a size (width, height) show whole that start at each x, and at each y.

        A box that ends near a border that is not the frame's own may be cut, so it is not shown whole.

        Returns bool [xs, n] and [ys, n]: a crop shows what both its x and its y show.
        """
        margin = BORDER * max(size)
        shown = []
        for axis, (starts, limit) in enumerate(((xs[:, None], frame.width), (ys[:, None], frame.height))):
            ends = starts + size[axis]
            low, high = self.boxes[:, axis], self.boxes[:, axis + 2]
            shown.append(((low > starts + margin) | (starts == 0)) & ((high < ends - margin) | (ends == limit)))
        return shown[0], shown[1]


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """Crops so far.

    Attributes:
        crops: farthest first.
        served: bool [n]: cars that need no further crop.
        shown: how many cars all crops together show, also those that need none.
    """

    crops: tuple[Crop, ...]
    served: NDArray[np.bool_]
    shown: int

    @property
    def merit(self) -> tuple[int, int]:
        return int(np.count_nonzero(self.served)), self.shown


def cover(cars: Cars, frame: Frame, size_px: float, at_most: int) -> tuple[Crop, ...] | None:
    """Crops that show every car whole and with `size_px` where the frame does not; None where `at_most` do not suffice.

    Crop by crop, the BEAM plans are kept that serve most (a beam search); among equals those that show most. A car that
    no crop of the frame's proportions can show whole is passed over.

    Args:
        cars: the farthest first.
        frame: what is cropped.
        size_px: at the network's input, the root of the box's area.
        at_most: so many crops.
    """
    large = cars.px >= size_px / frame.scale
    plans = [_Plan((), large | ~_can_be_whole(cars, frame, size_px), 0)]
    for _ in range(at_most):
        if plans[0].served.all():
            break
        longer = sorted(
            (after for plan in plans for after in _with_one_more(plan, cars, frame, size_px)),
            key=lambda plan: plan.merit,
        )
        different = {plan.served.tobytes(): plan for plan in longer}
        plans = sorted(different.values(), key=lambda plan: plan.merit, reverse=True)[:BEAM]
    return plans[0].crops if plans[0].served.all() else None


def _can_be_whole(cars: Cars, frame: Frame, size_px: float) -> NDArray[np.bool_]:
    """Which cars fit between the borders of the largest crop that may show them: bool [n]."""
    crops = np.outer(cars.px * frame.scale / size_px, [frame.width, frame.height])
    room = crops - 2 * BORDER * crops.max(axis=1, keepdims=True) - 2  # crops begin and end at whole pixels
    result: NDArray[np.bool_] = (cars.boxes[:, 2:] - cars.boxes[:, :2] <= room).all(axis=1)
    return result


def _with_one_more(plan: _Plan, cars: Cars, frame: Frame, size_px: float) -> Iterator[_Plan]:
    """With a crop for the farthest car that waits: the best one in every part of its possible positions."""
    farthest = [int(np.argmin(plan.served))]
    width, height = frame.crop_size(float(cars.px[farthest[0]]), size_px)
    xs, ys = np.arange(frame.width - width + 1), np.arange(frame.height - height + 1)
    across, down = cars[farthest].shown_by(frame, (width, height), xs, ys)
    xs, ys = _some(xs[across[:, 0]]), _some(ys[down[:, 0]])
    across, down = cars.shown_by(frame, (width, height), xs, ys)
    # One more car that waits outweighs all that are served already; these choose between equals.
    worth = np.where(plan.served, 1.0, 1.0 + len(cars))
    merits = _sums(worth, across, down)
    for columns in _parts(len(xs), PARTS_X):
        for rows in _parts(len(ys), PARTS_Y):
            column, row = _best(merits[columns, rows])
            column, row = column + columns.start, row + rows.start
            x, y = int(xs[column]), int(ys[row])
            shown = across[column] & down[row]
            crop = Crop(x, y, x + width, y + height)
            yield _Plan((*plan.crops, crop), plan.served | shown, plan.shown + int(np.count_nonzero(shown)))


def _sums(worth: NDArray[np.float64], across: NDArray[np.bool_], down: NDArray[np.bool_]) -> NDArray[np.float64]:
    """What the cars are worth together that a crop at each x and y shows: [xs, ys].

    A car is shown from a run of xs and a run of ys: the corners of that rectangle, summed up twice, are its worth all
    over it (a summed-area table the other way round). As a product of matrices it would wake BLAS's threads, which a
    busy box pays for with seconds.
    """
    sums = np.zeros((len(across) + 1, len(down) + 1))
    x1, y1 = across.argmax(axis=0), down.argmax(axis=0)
    x2, y2 = x1 + np.count_nonzero(across, axis=0), y1 + np.count_nonzero(down, axis=0)
    for x, y, sign in ((x1, y1, 1), (x2, y1, -1), (x1, y2, -1), (x2, y2, 1)):
        cells = np.bincount(x * sums.shape[1] + y, sign * worth, sums.size)
        sums += cells.reshape(sums.shape)
    result: NDArray[np.float64] = sums.cumsum(axis=0).cumsum(axis=1)[:-1, :-1]
    return result


def _some(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Up to POSITIONS of them, evenly, with both ends."""
    if len(values) <= POSITIONS:
        return values
    return values[np.linspace(0, len(values) - 1, POSITIONS).round().astype(np.intp)]


def _parts(length: int, count: int) -> Iterator[slice]:
    """0 … length cut into so many even parts, without empty ones."""
    ends = np.linspace(0, length, count + 1).round().astype(int).tolist()
    return (slice(start, end) for start, end in pairwise(ends) if start < end)


def _best(merits: NDArray[np.float64]) -> tuple[int, int]:
    """Where the largest is; among equals the one nearest to their middle, so that what is shown is not at the rim."""
    equals = np.argwhere(merits == merits.max())
    column, row = equals[np.argmin(((equals - equals.mean(axis=0)) ** 2).sum(axis=1))]
    return int(column), int(row)
