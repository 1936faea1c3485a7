"""Kind and place in what people write."""

import pytest

from central.reports.wording import address_in, kind_in, position_in


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("BANJIR selutut di pasar", "flood"),
        ("genangan, lalu macet", "flood"),
        ("Macet total karena banjir", "jam"),
        ("mobil parkir liar di trotoar", "parking"),
        ("pedagang kaki lima di halte", "vending"),
        ("PKL di jembatan", "vending"),
        ("cars parked on the pavement", "parking"),
        ("jamuan makan di robot", None),
        ("", None),
    ],
)
def test_kinds(text: str, kind: str | None) -> None:
    assert kind_in(text) == kind


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("di -2.1312, 106.1101 ya", (-2.1312, 106.1101)),
        ("geo:-2.1312,106.1101", (-2.1312, 106.1101)),
        ("https://maps.example/maps?q=-2.1312%2C106.1101", (-2.1312, 106.1101)),
        ("https://maps.example/@-2.1312,106.1101,17z", (-2.1312, 106.1101)),
        ("−2.1312 106.1101", (-2.1312, 106.1101)),
        ("Rp 2.000, 10.000", None),
        ("192.168.1.1", None),
        ("-91.1234, 106.1234", None),
        ("12.345.6789, 90.1234", None),
    ],
)
def test_positions(text: str, position: tuple[float, float] | None) -> None:
    assert position_in(text) == position


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Banjir!\nLokasi: Jl. Merdeka 5, depan pasar\nterima kasih", "Jl. Merdeka 5, depan pasar"),
        ("alamat = Gang Melati", "Gang Melati"),
        ("banjir di jalan Merdeka dekat pasar, tolong", "jalan Merdeka dekat pasar"),
        ("banjir di Jl. Sudirman!", "Jl. Sudirman"),
        ("banjir sekali", ""),
    ],
)
def test_addresses(text: str, address: str) -> None:
    assert address_in(text) == address
