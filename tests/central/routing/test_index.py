"""In which areas a place lies: borders, overlaps, holes, gaps."""

from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Polygon

from central.routing.index import NEAR_M, AreaIndex, Shape
from tests.central.routing.shapes import place, shape, square

STEP_M = 1112


def codes(index: AreaIndex, x: float, y: float) -> list[str]:
    return [found.code for found in index.at(*place(x, y))]


def test_inside_and_far_outside() -> None:
    index = AreaIndex([shape("a", square(0, 0)), shape("b", square(1, 0))])
    assert codes(index, 0.5, 0.5) == ["a"]
    assert codes(index, 1.5, 0.5) == ["b"]
    assert codes(index, 5, 5) == []


def test_without_coordinates_or_without_areas_there_is_none() -> None:
    assert AreaIndex([]).at(106.8, -6.2) == ()
    assert AreaIndex([shape("a", square(0, 0))]).at(None, -6.2) == ()


def test_on_the_border_of_two_equal_areas_the_first_code_has_it_whatever_their_order() -> None:
    areas = [shape("b", square(1, 0)), shape("a", square(0, 0))]
    for order in (areas, areas[::-1]):
        assert codes(AreaIndex(order), 1, 0.5) == ["a"]


def test_on_the_border_the_smaller_area_wins() -> None:
    index = AreaIndex([shape("a", square(-2, 0, 3)), shape("b", square(1, 0))])
    assert codes(index, 1, 0.5) == ["b"]


def test_on_a_corner_of_four_exactly_one_has_it() -> None:
    index = AreaIndex(
        [shape(code, square(x, y)) for code, x, y in (("a", 0, 0), ("b", 1, 0), ("c", 0, 1), ("d", 1, 1))]
    )
    assert codes(index, 1, 1) == ["a"]


def test_overlapping_areas_of_one_level_the_smaller_wins() -> None:
    index = AreaIndex([shape("big", square(0, 0, 4)), shape("small", square(1, 1))])
    assert codes(index, 1.5, 1.5) == ["small"]
    assert codes(index, 3.5, 3.5) == ["big"]


def test_each_level_has_one_the_smallest_first() -> None:
    index = AreaIndex(
        [
            shape("city", square(0, 0, 9), "city"),
            shape("district", square(0, 0, 3)),
            shape("ward", square(0, 0), "ward"),
            shape("province", square(0, 0, 20), "province"),
        ]
    )
    assert codes(index, 0.5, 0.5) == ["ward", "district", "city", "province"]
    assert codes(index, 2.5, 2.5) == ["district", "city", "province"]


def test_own_areas_overlap_and_do_not_hide_each_other() -> None:
    index = AreaIndex([shape("market", square(0, 0, 2), "own"), shape("festival", square(1, 0, 3), "own")])
    assert codes(index, 1.5, 0.5) == ["market", "festival"]


def test_a_hole_is_not_inside() -> None:
    ring = square(0, 0, 9).difference(square(3, 3, 3))
    index = AreaIndex([shape("ring", ring), shape("enclave", square(3, 3, 3))])
    assert codes(index, 1, 1) == ["ring"]
    assert codes(index, 4.5, 4.5) == ["enclave"]
    assert codes(AreaIndex([shape("ring", ring)]), 4.5, 4.5) == []


def test_a_place_a_little_outside_belongs_to_the_nearest_and_says_so() -> None:
    index = AreaIndex([shape("a", square(0, 0)), shape("b", square(1.2, 0))])
    close = 1 + NEAR_M * 0.6 / STEP_M
    assert [(found.code, found.near) for found in index.at(*place(close, 0.5))] == [("a", True)]
    beyond = 2.2 + NEAR_M * 1.5 / STEP_M
    assert codes(index, beyond, 0.5) == []


def test_own_areas_do_not_reach_beyond_their_border() -> None:
    index = AreaIndex([shape("market", square(0, 0), "own"), shape("a", square(0, 0))])
    assert codes(index, 1 + 20 / STEP_M, 0.5) == ["a"]


def test_an_area_of_two_parts() -> None:
    index = AreaIndex([shape("islands", square(0, 0).union(square(5, 5)))])
    assert codes(index, 0.5, 0.5) == codes(index, 5.5, 5.5) == ["islands"]
    assert codes(index, 3, 3) == []


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(1, 4)), min_size=1, max_size=12), st.data())
def test_never_two_of_one_level_and_the_order_of_the_file_does_not_matter(squares: list, data: st.DataObject) -> None:
    shapes = [shape(f"a{number}", square(*at)) for number, at in enumerate(squares)]
    x, y = data.draw(st.integers(0, 20)) / 2, data.draw(st.integers(0, 20)) / 2
    found = codes(AreaIndex(shapes), x, y)
    assert len(found) <= 1
    assert codes(AreaIndex(shapes[::-1]), x, y) == found
    covering = [at for at in squares if at[0] <= x <= at[0] + at[2] and at[1] <= y <= at[1] + at[2]]
    if covering:
        smallest = min(size for _x, _y, size in covering)
        assert squares[int(found[0][1:])][2] == smallest


def test_a_slanted_border_leaves_no_gap_and_no_overlap() -> None:
    west = Polygon([place(0, 0), place(1.3, 0), place(2.1, 3.7), place(0, 3.7)])
    east = Polygon([place(1.3, 0), place(4, 0), place(4, 3.7), place(2.1, 3.7)])
    index = AreaIndex([Shape("w", "W", "district", west), Shape("e", "E", "district", east)])
    for part in range(101):
        share = part / 100
        assert len(codes(index, 1.3 + 0.8 * share, 3.7 * share)) == 1
