"""How a camera's road looks when no water is on it: a slow background, by day, by night and by infrared apart.

Rain darkens asphalt and makes it shine, but markings, patches and cracks stay where they are; water over them hides
them. So where a road has a lasting pattern of edges, that pattern decides; where it has none, colour and roughness do.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.perception.dry_store import Background, DryStore, NoStore
from edge.perception.surface import Surface

Mask = NDArray[np.bool_]

SAVE_EVERY_S = 600.0
"""How much a restart may forget."""
KNOWN_LOOKS = 5
"""A pixel is known after so many looks at it."""
KNOWN_SHARE = 0.5
"""Of the visible road so much must be known to compare it."""
FORGET_S = 1800.0
"""Time constant of the background once it is known: a shadow passes, a new surface is learned in an hour."""
LONGEST_GAP_S = 60.0
"""A look after a longer gap counts as one after this."""
CELL_PX = 8
MIN_CELL_PX = 12
"""A cell of which less is visible and known tells nothing."""
PATTERN_COHERENCE = 0.5
"""Share of the edges' energy that is the same in all looks, from which a cell has a lasting pattern."""
PATTERN_RMS = 0.006
"""Edges weaker than this are noise, 1/pixel."""
PATTERN_ALIKE = 0.5
"""Correlation of edges with the background's under which the pattern is gone."""
COLOUR_SHIFT = 0.06
"""Mean difference of log chroma from which a cell without pattern looks different: 6 % of a channel."""
ROUGHNESS_RATIO = 2.2
"""So many times rougher or smoother than usual, and a cell without pattern looks different."""
ROUGHNESS_FLOOR = 0.004
"""Added to roughness before it is compared: under it is the codec's noise, 1/pixel."""


class DryMemory:
    """One camera's. Bounded: at most one background a kind of light, for one size of picture."""

    def __init__(self, store: DryStore | None = None) -> None:
        """Begins with what is kept.

        Args:
            store: keeps it from one run of the box to the next.
        """
        self._store = NoStore() if store is None else store
        self._backgrounds = self._store.load()
        self._saved: tuple[int, float] | None = None

    @property
    def bytes(self) -> int:
        """What its planes take."""
        planes = [(of.looks, of.edges, of.energy, of.chroma) for of in self._backgrounds.values()]
        return sum(plane.nbytes for kept in planes for plane in kept)

    def learn(self, surface: Surface, dry: Mask, time: float) -> None:
        """Remembers a look.

        Args:
            surface: the whole picture's.
            dry: bool [rows, columns] of the surface: road that nothing hides and no water covers.
            time: of the picture, epoch seconds.
        """
        background = self._of(surface)
        gap = min(max(time - background.time, 0.0), LONGEST_GAP_S)
        background.time = time
        background.looks[dry & (background.looks < np.iinfo(np.uint16).max)] += 1
        weight = np.where(dry, np.maximum(1 / np.maximum(background.looks, 1), gap / FORGET_S), 0).astype(np.float32)
        background.edges += weight * (surface.edges - background.edges)
        background.energy += weight * ((surface.edges**2).sum(axis=0) - background.energy)
        background.chroma += weight * (surface.chroma - background.chroma)
        self._save(time)

    def _save(self, time: float) -> None:
        """Now and then, and when the road is known by one light more."""
        known = sum(bool((of.looks >= KNOWN_LOOKS).any()) for of in self._backgrounds.values())
        if known and (self._saved is None or known != self._saved[0] or time - self._saved[1] >= SAVE_EVERY_S):
            self._store.save(self._backgrounds)
            self._saved = (known, time)

    def changed(self, surface: Surface, visible: Mask) -> float | None:
        """The share of the visible road that no longer looks as it did when dry, 0–1; None while that is not known.

        Args:
            surface: the whole picture's.
            visible: bool [rows, columns] of the surface: the zone without what is hidden.
        """
        background = self._backgrounds.get(surface.light)
        if background is None or background.looks.shape != visible.shape:
            return None
        known = visible & (background.looks >= KNOWN_LOOKS)
        if not known.any() or known.sum() < KNOWN_SHARE * visible.sum():
            return None
        area = _cells(known)
        used = area >= MIN_CELL_PX
        if not used.any():
            return None
        different = np.where(_has_pattern(background, known, area), *_differences(background, surface, known, area))
        return float(area[used & different].sum() / area[used].sum())

    def _of(self, surface: Surface) -> Background:
        """The background of this light; begun anew when the pictures' size changed."""
        rows, columns = surface.edges.shape[1:]
        found = self._backgrounds.get(surface.light)
        if found is None or found.looks.shape != (rows, columns):
            found = self._backgrounds[surface.light] = Background.empty(rows, columns)
        return found


def _has_pattern(background: Background, known: Mask, area: NDArray[np.float64]) -> Mask:
    """Which cells have edges that are the same in all looks."""
    lasting = _cells((background.edges**2).sum(axis=0) * known)
    usual = _cells(background.energy * known)
    strong = np.sqrt(lasting / np.maximum(area, 1)) > PATTERN_RMS
    return np.asarray(strong & (lasting > PATTERN_COHERENCE * usual), bool)


def _differences(background: Background, surface: Surface, known: Mask, area: NDArray[np.float64]) -> tuple[Mask, Mask]:
    """Which cells differ by their pattern of edges, and which by colour or roughness."""
    energy = _cells((surface.edges**2).sum(axis=0) * known)
    usual = _cells(background.energy * known)
    lasting = _cells((background.edges**2).sum(axis=0) * known)
    common = _cells((surface.edges * background.edges).sum(axis=0) * known)
    pattern = common < PATTERN_ALIKE * np.sqrt(energy * lasting)
    count = np.maximum(area, 1)
    red, blue = (_cells(plane * known) / count for plane in surface.chroma - background.chroma)
    roughness = (np.sqrt(energy / count) + ROUGHNESS_FLOOR) / (np.sqrt(usual / count) + ROUGHNESS_FLOOR)
    plain = (np.hypot(red, blue) > COLOUR_SHIFT) | (abs(np.log(roughness)) > np.log(ROUGHNESS_RATIO))
    return np.asarray(pattern, bool), np.asarray(plain, bool)


def _cells(plane: NDArray[np.generic]) -> NDArray[np.float64]:
    """Sums over cells of `CELL_PX` each way; those at the border are cut."""
    rows, columns = plane.shape
    padded = cv2.copyMakeBorder(
        plane.astype(np.float64), 0, -rows % CELL_PX, 0, -columns % CELL_PX, cv2.BORDER_CONSTANT, value=0
    )
    cells = padded.reshape(padded.shape[0] // CELL_PX, CELL_PX, padded.shape[1] // CELL_PX, CELL_PX)
    return np.asarray(cells.sum(axis=(1, 3)))
