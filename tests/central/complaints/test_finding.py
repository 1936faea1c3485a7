"""What is typed into the search box, and what is found."""

import pytest

from central.accounts.roles import Actor, Role
from central.complaints.access import visible_to
from central.complaints.finding import Point, Sought, exactly, matching, near, read
from central.complaints.models import Complaint
from tests.central.desks.conftest import City, city, work  # noqa: F401 — a fixture of the desks
from tests.central.moments import NOON

ANYBODY = Actor(Role.OPERATOR, "oki")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("SGP-2026-000123", "SGP-2026-000123"),
        (" sgp 2025-123 ", "SGP-2025-000123"),
        ("2025/7", "SGP-2025-000007"),
        ("#42", "SGP-2026-000042"),
        ("1000000", "SGP-2026-1000000"),
    ],
)
def test_numbers(text: str, number: str) -> None:
    assert read(text, NOON).number == number


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("-6.1754, 106.8272", Point(-6.1754, 106.8272, 500)),
        ("-6.1754 106.8272", Point(-6.1754, 106.8272, 500)),
        ("−6.1754; 106.8272 50 m", Point(-6.1754, 106.8272, 50)),
        ("-6.1754,106.8272,99999m", Point(-6.1754, 106.8272, 5000)),
    ],
)
def test_positions(text: str, point: Point) -> None:
    assert read(text, NOON) == Sought(point=point)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Jl. Sudirman: utara", ("sudirman", "utara")),
        ("jalan Sudirman", ("sudirman",)),
        ("Jl.", ("jl",)),
        ("99.5, 200.1", ("99", "5", "200", "1")),
        ("a'; DROP & (b | !c):*", ("a", "drop", "b", "c")),
        ("", ()),
        ("&|!():*'", ()),
        ("w " * 50, ("w",) * 8),
    ],
)
def test_words(text: str, words: tuple[str, ...]) -> None:
    assert read(text, NOON) == Sought(words=words)


def test_a_tracking_code_may_also_be_words() -> None:
    assert read("7k2m-9qxd-41tb", NOON) == Sought(tracking="7K2M9QXD41TB", words=("7k2m", "9qxd", "41tb"))


@pytest.mark.django_db
def test_named_exactly(city: City) -> None:  # noqa: F811
    everything = visible_to(ANYBODY)
    assert exactly(everything, read(city.jam.number.lower(), NOON)) == city.jam
    assert exactly(everything, read(city.flood.tracking, NOON)) == city.flood
    assert exactly(everything, read("#9999", NOON)) is None
    assert exactly(everything, Sought()) is None
    of_sda = visible_to(Actor(Role.OFFICER, "x", "sda"))
    assert exactly(of_sda, read(city.jam.number, NOON)) is None, "an agency does not learn of others' numbers"


FOUND = {
    "jl flood": {"flood"},
    "utara": {"jam", "flood", "vending", "parking"},
    "park": {"parking"},
    "jam banjir": set(),
    "bawah jembatan": {"vending"},
    "JEMBATAN": {"vending"},
    "100%": set(),
}


@pytest.mark.django_db
def test_by_words_of_place_and_notes(city: City) -> None:  # noqa: F811
    work(city.vending, "note", note="Pedagang di bawah Jembatan Élite, CCTV-7")
    everything = Complaint.objects.all()
    for text, kinds in FOUND.items():
        sought = read(text, NOON)
        assert {each.kind for each in matching(everything, sought)} == kinds, text
    for text in (*FOUND, "cctv", "cctv 7", "élite", "ÉLITE jembatan"):
        words = read(text, NOON).words
        by_index = everything.filter(text__words=words)
        assert set(everything.filter(text__words_read=words)) == set(by_index), text


@pytest.mark.django_db
def test_near_a_point_nearest_first(city: City) -> None:  # noqa: F811
    Complaint.objects.filter(pk=city.jam.pk).update(lat=-2.5, lon=106.5)
    Complaint.objects.filter(pk=city.flood.pk).update(lat=-2.501, lon=106.5)  # 111 m
    Complaint.objects.filter(pk=city.vending.pk).update(lat=-2.5, lon=106.504)  # 444 m
    Complaint.objects.filter(pk=city.parking.pk).update(lat=-2.5035, lon=106.5035)  # in the square, beyond the circle
    found = near(Complaint.objects.all(), Point(-2.5, 106.5, 500))
    assert [each.kind for each in found] == ["jam", "flood", "vending"]
    assert [round(each.square_m**0.5) for each in found] == [0, 111, 444]
    assert not near(Complaint.objects.all(), Point(6.5, 10.5)).exists()
