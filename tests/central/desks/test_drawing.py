"""A part is drawn once for each value and language, and only from what cannot change behind its back."""

from dataclasses import dataclass, replace

import pytest
from django.utils import translation

from central.boxes.models import Box
from central.desks import drawing
from central.desks.drawing import drawn
from central.desks.parts import BoxPart, ListedPart
from tests.central.moments import NOON

LINE = ListedPart(
    pk=7, kind="flood", severity=3, began=NOON, place="Jl. Merdeka", is_new=True, is_on_the_map=True, shape="M0 0Z"
)
TEMPLATE = "desks/parts/listed.html"


@pytest.fixture(autouse=True)
def _nothing_drawn_before() -> None:
    drawing._drawn.cache_clear()


def test_once_for_all_who_read_one_language() -> None:
    with translation.override("id"):
        ours = drawn(TEMPLATE, LINE)
        assert drawn(TEMPLATE, replace(LINE)) is ours
    with translation.override("en"):
        theirs = drawn(TEMPLATE, LINE)
    assert "Banjir, Jl." not in theirs
    assert "flooding, Jl. Merdeka" in theirs
    assert theirs != ours
    assert drawing._drawn.cache_info().misses == 2


@pytest.mark.parametrize(
    ("change", "said"),
    [({"severity": 4}, "s4"), ({"place": "<b>"}, "&lt;b&gt;"), ({"is_on_the_map": False}, "tanpa koordinat")],
)
def test_another_value_is_drawn_anew(change: dict[str, object], said: str) -> None:
    with translation.override("id"):
        before, after = drawn(TEMPLATE, LINE), drawn(TEMPLATE, replace(LINE, **change))
    assert said in after
    assert said not in before


def test_what_could_change_is_refused() -> None:
    @dataclass(frozen=True)
    class Holds:
        thing: object

    @dataclass
    class Loose:
        number: int = 1

        def __hash__(self) -> int:
            return 1

    for thing in (Box(pk="a"), Loose(), Holds(Box(pk="a")), Holds((1, (Loose(),)))):
        with pytest.raises(TypeError, match="may change"):
            drawn(TEMPLATE, thing)


def test_a_box_and_its_cameras() -> None:
    part = BoxPart("pgk-01", "offline", "", (("Simpang", "streaming"), ("Bundaran", "faulty")))
    with translation.override("id"):
        box = drawn("desks/parts/box.html", part)
    assert box.count("<li>") == 2
    assert 'class="state red">Luring</span>' in box
