"""Which tile servers a city may name."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from central.tiles import checked, origin


@pytest.mark.parametrize(
    ("template", "host"),
    [
        ("", ""),
        ("/tiles/{z}/{x}/{y}.png", ""),
        ("https://tiles.kota.example:8443/{z}/{x}/{y}.png?style=grey", "https://tiles.kota.example:8443"),
    ],
)
def test_a_server_of_the_city(template: str, host: str) -> None:
    assert origin(checked(template)) == host


@pytest.mark.parametrize(
    "template",
    [
        "https://tiles.example/{z}/{x}.png",
        "tiles.example/{z}/{x}/{y}.png",
        "https://a;script-src */{z}/{x}/{y}.png",
        "https://tiles.example/{z}/{x}/{y}.png; script-src *",
        "javascript:/{z}/{x}/{y}",
    ],
)
def test_others_are_refused(template: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="SIGAP_TILES"):
        checked(template)
