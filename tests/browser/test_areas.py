"""An area drawn on the map by an administrator, with the mouse or a finger, and by keys."""

import json
from typing import Any

from tests.browser.conftest import Served
from tests.browser.test_citizens import shoot
from tests.browser.test_live_pages import log_in, page

__all__ = ["page"]


def ring(page: Any) -> list[list[float]]:
    """Corners of the first part, as the form would send them, the closing one left out."""
    geometry = json.loads(page.input_value("#id_polygon"))
    parts = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return list(parts[0][0][:-1])


def pull(page: Any, handle: Any, across: float, down: float) -> None:
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + across / 2, y + down / 2)
    page.mouse.move(x + across, y + down)
    page.mouse.up()


def test_an_area_is_drawn_and_moved_and_taken_back(page: Any, centre: Served) -> None:
    width = page.viewport_size["width"]
    log_in(page, centre, "adi")
    page.goto(f"{centre.url}/atur/areas/new/")
    page.wait_for_selector("#areas-map[data-shown]")
    page.fill("#id_code", f"rawan-{width}")
    page.fill("#id_name", f"Rawan banjir {width}")
    page.select_option("#id_level", "own")
    area = page.locator("#areas-map")
    area.scroll_into_view_if_needed()
    page.click("#draw-part")
    for x, y in ((120, 60), (220, 60), (220, 180), (120, 180), (60, 120)):
        area.click(position={"x": x, "y": y})
    page.click("#draw-undo")
    page.locator(".corner.first").click()
    drawn = ring(page)
    assert len(drawn) == 4, "the fifth corner was taken back before the part was closed"

    pull(page, page.locator(".corner:not(.middle)").nth(2), 30, 20)
    moved = ring(page)
    assert moved[:2] == drawn[:2]
    assert moved[2][0] > drawn[2][0], "pulled to the east"
    assert moved[2][1] < drawn[2][1], "and to the south"
    pull(page, page.locator(".corner.middle").nth(0), 0, -25)
    assert len(ring(page)) == 5, "the dot between two corners became one"
    page.click("#draw-undo")
    page.click("#draw-undo")
    assert ring(page) == drawn

    page.locator(".corner:not(.middle)").nth(0).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    by_keys = ring(page)
    assert by_keys[0][0] > drawn[0][0]
    assert by_keys[0][1] < drawn[0][1]
    assert "selected" in page.evaluate("document.activeElement.className"), "the corner keeps the focus while it moves"
    shoot(page, "area-by-keys")

    page.locator("#draw-part").press("Enter")
    assert json.loads(page.input_value("#id_polygon"))["type"] == "MultiPolygon", "by keys a part lies in the middle"
    page.click("#draw-remove")
    assert json.loads(page.input_value("#id_polygon"))["type"] == "Polygon"
    page.click("button:has-text('Simpan')")
    page.wait_for_selector(".messages .success")
    page.click(f"text=Rawan banjir {width}")
    page.wait_for_selector(".corner")
    assert ring(page) == by_keys, "what was drawn is what is kept"
