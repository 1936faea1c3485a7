"""Places, durations and measures as people read them."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from central.desks.sentences import sentence
from central.desks.words import duration, measures_of, place_name, street_name
from contract.events import Measures


@pytest.fixture(autouse=True)
def _indonesian() -> object:
    with translation.override("id"):
        yield


@pytest.mark.parametrize(
    ("place", "named", "street"),
    [
        ("jl-sudirman:utara", "Jl. Sudirman, arah utara", "Jl. Sudirman"),
        ("Jl. Jenderal Sudirman:utara", "Jl. Jenderal Sudirman, arah utara", "Jl. Jenderal Sudirman"),
        ("Jl. Merdeka:trotoar", "Jl. Merdeka, trotoar", "Jl. Merdeka"),
        ("Bundaran Timah", "Bundaran Timah", "Bundaran Timah"),
        ("KM 12-14", "KM 12-14", "KM 12-14"),
        ("", "", ""),
    ],
)
def test_places(place: str, named: str, street: str) -> None:
    assert (place_name(place), street_name(place)) == (named, street)


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 dtk"),
        (59.4, "59 dtk"),
        (59.6, "1 mnt"),
        (3599, "59 mnt"),
        (3600, "1 jam 0 mnt"),
        (172_799, "47 jam 59 mnt"),
        (172_800, "2 hari 0 jam"),
    ],
)
def test_durations(seconds: float, said: str) -> None:
    assert duration(seconds) == said


def test_every_measure_of_the_wire_can_be_shown() -> None:
    everything = dict.fromkeys(Measures.model_fields, 0.5) | {"vehicles": 3, "depth_class": "10-30 cm"}
    assert len(measures_of(everything)) == len(Measures.model_fields)


def test_measures_have_units_and_the_languages_decimal_sign() -> None:
    shown = [measure.value for measure in measures_of({"speed_kmh": 4.26, "occupancy": 0.456, "queue_m": None, "x": 1})]
    assert shown == ["4,3 km/jam", "46%"]


@given(
    st.sampled_from(["jam", "flood", "vending", "parking", "camera_fault"]),
    st.dictionaries(st.sampled_from(list(Measures.model_fields)), st.floats(0, 1e6), max_size=4),
)
def test_there_is_always_a_sentence(kind: str, measures: dict[str, float]) -> None:
    assert sentence(kind, measures, "what the box said")
    assert sentence(kind, {}, "what the box said") == "what the box said"
