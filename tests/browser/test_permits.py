"""A permit drawn on the map by an administrator, and found by everybody."""

from datetime import date, timedelta
from typing import Any

from tests.browser.conftest import Served
from tests.browser.test_live_pages import log_in, page, shoot

__all__ = ["page"]


def test_a_permit_is_drawn_on_the_map(page: Any, centre: Served) -> None:
    width = page.viewport_size["width"]
    name = f"Loksem Jl. Balai {width}"
    log_in(page, centre, "adi")
    page.goto(f"{centre.url}/atur/izin/new/")
    page.fill("#id_sk", f"SK {width}/2026")
    page.fill("#id_name", name)
    page.fill("#id_valid_from", str(date.today() - timedelta(days=3)))
    page.fill("#id_valid_to", str(date.today() + timedelta(days=300)))
    page.fill("#id_ring", "-2.1300, 106.1100\n-2.1300, 106.1104")
    plots = page.locator("#plots")
    plots.scroll_into_view_if_needed()
    assert page.locator(".corner").count() == 2, "typed corners are on the map"
    plots.click(position={"x": 200, "y": 200})
    plots.click(position={"x": 120, "y": 90})
    plots.click(position={"x": 150, "y": 260})
    page.click("#undo-corner")
    assert page.locator(".corner").count() == 4
    lines = page.input_value("#id_ring").split("\n")
    assert len(lines) == 4
    assert lines[0].startswith("-2.13")
    page.fill("#id_ring", "-2.1300, 106.1100\n-2.1300, 106.1104\n-2.1297, 106.1104")
    page.click("button:has-text('Simpan')")
    page.wait_for_selector(".messages .success")
    page.goto(f"{centre.url}/izin/?q={width}")
    page.wait_for_selector("#plots[data-shown]")
    assert "Sah sekarang" in page.locator(".place", has_text=name).inner_text()
    shoot(page, "legal-places-drawn")
