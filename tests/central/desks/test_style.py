"""The style sheet: colours that can be read (WCAG 2.2, 1.4.3) by day and by night, and nothing from elsewhere."""

import re
from pathlib import Path

import pytest

import central.desks

SHEET = (Path(central.desks.__file__).parent / "static" / "desks" / "desks.css").read_text(encoding="utf-8")
TONES = ("red", "orange", "amber", "yellow", "blue", "green", "grey")
ENOUGH = 4.5

PAIRS = [(tone, f"{tone}-bg") for tone in TONES]
PAIRS += [(text, ground) for text in ("ink", "soft", "link") for ground in ("paper", "card", "sunken")]
PAIRS += [("brand-ink", "brand"), ("brand-ink", "brand-deep"), ("link", "brand-soft"), ("red", "card")]


def colours(night: bool) -> dict[str, str]:
    blocks = re.findall(r":root \{(.*?)\n\s*\}", SHEET, re.DOTALL)
    found: dict[str, str] = {}
    for block in blocks[: 2 if night else 1]:
        found |= dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", block))
    return found


def luminance(colour: str) -> float:
    """WCAG's relative luminance."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("night", [False, True], ids=["day", "night"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_contrast(text: str, ground: str, night: bool) -> None:
    known = colours(night)
    light, dark = sorted((luminance(known[text]), luminance(known[ground])), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= ENOUGH


def test_nothing_comes_from_elsewhere() -> None:
    assert "http" not in SHEET
    assert "@import" not in SHEET
    assert "url(" not in SHEET


def test_those_who_get_dizzy_are_spared() -> None:
    assert "prefers-reduced-motion: reduce" in SHEET
