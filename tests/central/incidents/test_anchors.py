"""What makes two episodes one incident."""

import pytest

from central.incidents.anchors import anchor_of

HERE = {"reach_m": 100, "camera": "b1/c1", "zone": "utara", "place": "", "lat": None, "lon": None}


@pytest.mark.parametrize(
    ("kind", "given", "anchor"),
    [
        ("jam", {"place": "Jl-Sudirman:utara "}, "place:jl-sudirman:utara"),
        ("jam", {"place": "jl-sudirman:utara", "lat": -2.13, "lon": 106.11}, "place:jl-sudirman:utara"),
        ("flood", {"lat": -2.1301, "lon": 106.1109}, "cell:-2131:106110"),
        ("vending", {}, "zone:b1/c1/utara"),
        ("camera_fault", {"place": "jl-sudirman:utara", "lat": 1.0, "lon": 2.0}, "camera:b1/c1"),
    ],
)
def test_anchor(kind: str, given: dict[str, object], anchor: str) -> None:
    assert anchor_of(kind=kind, **(HERE | given)).text == anchor
