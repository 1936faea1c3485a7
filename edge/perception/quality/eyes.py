"""Judges a camera's pictures as pictures, against what this camera usually shows."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from edge.perception.observation import Observation, PictureQuality
from edge.perception.quality.memory import NoMemory, ViewMemory
from edge.perception.quality.plate import Plate
from edge.perception.quality.registration import Displacement, register
from edge.perception.quality.stillness import Stillness
from edge.perception.quality.usual import Likeness, UsualView
from edge.picture import Picture

DARK_GREY = 30.0
"""Grey level above which a part of the picture is lit."""
LIT_SHARE = 0.1
"""A view of which less is lit is not learned."""
SOUND_ALIKE = 0.6
SOUND_SHARPNESS, SOUND_SHARPNESS_OTHER = 0.7, 0.5
SOUND_COVERED = 0.2
SOUND_STILL_S = 5.0
"""What a picture must have to be learned from; in another light its detail is another, too."""
FITS = 0.5
"""Share of the view in its place from which nobody asks where it has gone."""
LIGHTS = 3
"""Usual views that are kept: by day, by night under lamps, by night under infra-red."""
DIMMER, BRIGHTER, COLOURLESS = 0.6, 1.7, 0.35
"""Brightness and colour over the usual beyond which it is another light."""
OTHER_LIGHT_S = 60.0
"""Another light must last so long before its view is learned: no lightning, no headlights, no lamp that flickers."""
SAVE_EVERY_S = 600.0
NO_MEMORY = NoMemory()
HELD = 0.3
"""Share of the view that must be in its place to be sure that only the light is another one."""


@dataclass(frozen=True, slots=True)
class _Sight:
    """A picture against the usual view that fits it best."""

    light: int
    likeness: Likeness
    place: Displacement

    @property
    def moved(self) -> bool:
        return self.place.found and (self.place.share, self.place.roll_deg) != (0, 0)


class PictureEyes:
    """Keeps what one camera usually shows, a view for each light; one thread at a time. See `eyes.QualityEyes`."""

    def __init__(self, memory: ViewMemory = NO_MEMORY) -> None:
        """Begins to look.

        Args:
            memory: keeps the usual views from one run of the box to the next.
        """
        self._memory = memory
        self._views = list(memory.load())
        self._size: tuple[int, ...] | None = self._views[0].field.shape if self._views else None
        self._saved: tuple[int, float] | None = None
        self._other: UsualView | None = None
        self._other_since: float | None = None
        self._stillness = Stillness()
        self._last: tuple[float, PictureQuality] | None = None

    @property
    def views(self) -> tuple[UsualView, ...]:
        """What is known of the usual view, one for each light."""
        return tuple(view for view in self._views if view.known)

    def see(self, pictures: Sequence[Picture], observation: Observation) -> PictureQuality:  # noqa: ARG002
        """Of the newest of these pictures of one look, whatever is seen in it."""
        picture = pictures[-1]
        if self._last is None or picture.time != self._last[0]:  # a picture teaches once
            self._last = (picture.time, self._judge(picture))
            self._save(picture.time)
        return self._last[1]

    def _save(self, time: float) -> None:
        """Now and then, and when there is one more view."""
        views = self.views
        if views and (self._saved is None or len(views) != self._saved[0] or time - self._saved[1] >= SAVE_EVERY_S):
            self._memory.save(views)
            self._saved = (len(views), time)

    def _judge(self, picture: Picture) -> PictureQuality:
        plate = Plate.of(picture.image)
        if plate.field.shape != self._size:
            self._views.clear()
            self._size = plate.field.shape
        standing = self._stillness.after(plate.grey, picture.time)
        quality = PictureQuality(
            brightness=float(plate.coarse.mean()) / 255,
            contrast=float(plate.coarse.std()) / 255,
            lit_share=float((plate.coarse > DARK_GREY).mean()),
            frozen_s=standing.frozen_s,
            still_s=standing.still_s,
        )
        sight = self._sight(plate)
        if sight is None:
            self._begin(plate, picture.time, quality)
            return quality
        self._learn(sight, plate, picture.time, quality)
        likeness, place = sight.likeness, sight.place
        return replace(
            quality,
            sharpness=likeness.sharpness,
            alike=likeness.alike,
            kept_share=likeness.kept,
            lost_share=likeness.lost,
            covered_share=_covered(likeness),
            shift_share=place.share if place.found else None,
            roll_deg=place.roll_deg if place.found else None,
        )

    def _sight(self, plate: Plate) -> _Sight | None:
        """Against the known view that fits best; None until one is known."""
        known = [(light, view.likeness(plate)) for light, view in enumerate(self._views) if view.known]
        if not known:
            return None
        light, likeness = max(known, key=lambda sight: _fit(sight[1]))
        return _Sight(light, likeness, register(self._views[light].field, plate.field, rolled=likeness.kept < FITS))

    def _begin(self, plate: Plate, time: float, quality: PictureQuality) -> None:
        """The first looks, of which nobody can say yet whether they show what they should."""
        if quality.lit_share < LIT_SHARE or quality.still_s >= SOUND_STILL_S:
            return
        self._views = [self._views[0].with_one_more(plate, time) if self._views else UsualView.first(plate, time)]

    def _learn(self, sight: _Sight, plate: Plate, time: float, quality: PictureQuality) -> None:
        """From a sound picture only; every condition is far from where a fault begins."""
        likeness = sight.likeness
        unmoved = sight.place.found and not sight.moved
        if not unmoved or quality.still_s >= SOUND_STILL_S or quality.lit_share < LIT_SHARE or _is_covered(likeness):
            self._other = self._other_since = None
        elif _is_other_light(likeness):
            if likeness.kept >= HELD and _is_sharp(likeness, SOUND_SHARPNESS_OTHER):
                self._learn_other_light(plate, time)
        else:
            self._other = self._other_since = None
            if likeness.alike >= SOUND_ALIKE and _is_sharp(likeness, SOUND_SHARPNESS):
                self._views[sight.light] = self._views[sight.light].with_one_more(plate, time)

    def _learn_other_light(self, plate: Plate, time: float) -> None:
        """A view in its place, but in a light that is not known yet: after a while it is one more usual view."""
        self._other_since = time if self._other_since is None else self._other_since
        if time - self._other_since < OTHER_LIGHT_S:
            return
        self._other = UsualView.first(plate, time) if self._other is None else self._other.with_one_more(plate, time)
        if self._other.known:
            if len(self._views) == LIGHTS:
                self._views.remove(min(self._views, key=lambda view: view.time))
            self._views.append(self._other)
            self._other = self._other_since = None


def _fit(likeness: Likeness) -> float:
    """How well a view fits: by its edges, and by its light where two fit."""
    return likeness.alike / (1 + abs(math.log(max(likeness.light or 0.1, 0.1))))


def _is_night(likeness: Likeness) -> bool:
    """Whether what is in its place is clearly dimmer or less coloured than usual."""
    return likeness.light is not None and (likeness.light < DIMMER or likeness.colour < COLOURLESS)


def _is_other_light(likeness: Likeness) -> bool:
    return _is_night(likeness) or (likeness.light is not None and likeness.light > BRIGHTER)


def _is_sharp(likeness: Likeness, enough: float) -> bool:
    return likeness.sharpness is not None and likeness.sharpness >= enough


def _is_covered(likeness: Likeness) -> bool:
    return _covered(likeness) > SOUND_COVERED


def _covered(likeness: Likeness) -> float:
    """Share of the view that shows nothing any more; at nightfall what is merely black does not count."""
    return likeness.flat - likeness.flat_black if _is_night(likeness) else likeness.flat
