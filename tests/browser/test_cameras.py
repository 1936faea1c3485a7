"""The camera editor and the fresh still, at a desk and on a telephone; a real box is in test_camera_takeover."""

import json
from typing import Any

from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import Served
from tests.browser.test_live_pages import is_live, log_in, page, shoot

__all__ = ["page"]
ROAD = [(0.2, 0.95), (0.42, 0.45), (0.58, 0.45), (0.8, 0.95)]


def open_camera(page: Any, centre: Served, code: str) -> None:
    log_in(page, centre, "adi")
    page.goto(f"{centre.url}/operator/boxes/")
    page.locator(".box-cameras a", has_text=code).click()
    page.wait_for_selector('html[data-editor="ready"]')
    if not page.get_attribute("#picture", "src"):  # the first time, it is asked for by itself
        centre.happen("show", camera=code)
    page.wait_for_function("() => document.getElementById('picture').naturalWidth === 640")


def click_picture(page: Any, x: float, y: float) -> None:
    page.locator("#drawing").scroll_into_view_if_needed()
    frame = page.locator("#drawing").bounding_box()
    page.mouse.click(frame["x"] + x * frame["width"], frame["y"] + y * frame["height"])


def is_accessible(page: Any) -> None:
    found = Axe().run(page).response["violations"]
    assert [each["id"] for each in found if each["impact"] in {"serious", "critical"}] == []


def test_a_zone_is_drawn_saved_and_in_force(page: Any, centre: Served) -> None:
    open_camera(page, centre, "bundaran")
    page.click("#draw-zone")
    for corner in ROAD:
        click_picture(page, *corner)
    page.keyboard.press("Enter")
    page.fill("[data-field=segment]", "jl-depati-amir")
    page.fill("[data-field=direction]", "barat")
    page.check("[data-kind=jam]")
    page.fill("#why", "Zona pertama")
    is_accessible(page)
    shoot(page, "editor")
    page.click("#save")
    page.locator("#save-told", has_text="tersimpan").wait_for()
    settings = json.loads(centre.happen("take_over", camera="bundaran"))
    page.locator("#save-told", has_text="berlaku").wait_for(timeout=10_000)
    *_drawn_before, zone = settings["zones"].values()
    assert (zone["kind"], zone["place"]) == ("roadway", "jl-depati-amir:barat")
    for (x, y), (drawn_x, drawn_y) in zip(ROAD, zone["points"], strict=True):
        assert abs(x - drawn_x) < 0.01
        assert abs(y - drawn_y) < 0.01
    assert list(settings["incidents"]) == ["jam"]
    page.goto(f"{centre.url}/operator/boxes/")
    is_accessible(page)
    shoot(page, "boxes")


def test_by_keys_alone_an_area_is_drawn_moved_and_removed(page: Any, centre: Served) -> None:
    open_camera(page, centre, "jl-merdeka")
    before = page.locator(".outline").count()
    page.focus("#draw-mask")
    page.keyboard.press("Enter")
    assert page.locator(".outline.mask").count() == 1
    left = float(page.locator('[data-corner="0"]').get_attribute("cx"))
    page.keyboard.press("Shift+ArrowLeft")
    assert float(page.locator('[data-corner="0"]').get_attribute("cx")) < left
    assert page.evaluate("document.activeElement.dataset.corner") == "0"
    page.get_by_label("Titik 1, ke bawah, %").fill("12.5")
    page.keyboard.press("Tab")
    assert page.get_by_label("Titik 1, ke bawah, %").input_value() == "12.5"
    page.get_by_role("button", name="Hapus", exact=True).click()
    assert page.locator(".outline").count() == before


def test_an_operator_fetches_a_fresh_still(page: Any, centre: Served) -> None:
    centre.happen("begin", scene="jam")
    log_in(page, centre, "oki")
    is_live(page)
    button = page.locator(".tile [data-still]").first
    button.click()
    dialog = page.locator("dialog.fresh-still")
    centre.happen("show", camera="simpang-balai")
    dialog.locator("img").wait_for()
    assert "Gambar tersamar" in dialog.locator("[role=status]").inner_text()
    is_accessible(page)
    shoot(page, "fresh-still")
    page.keyboard.press("Escape")
    dialog.wait_for(state="detached")

    page.goto(f"{centre.url}/operator/boxes/")
    page.locator(".box-cameras a", has_text="simpang-balai").click()
    page.wait_for_selector('html[data-editor="ready"]')
    page.wait_for_function("() => document.getElementById('picture').naturalWidth === 640")
    assert page.locator("#save, #draw-zone, .corner").count() == 0, "operators read"


def test_of_a_box_that_is_away_there_is_no_still_and_why_is_told(browser: Any, centre: Served) -> None:
    """In a page of its own: a refusal is an error in a browser's console."""
    centre.happen("begin", scene="jam")
    page = browser.new_context().new_page()
    log_in(page, centre, "oki")
    centre.happen("leave")
    page.locator(".tile [data-still]").first.click()
    alert = page.locator("dialog.fresh-still").get_by_role("alert")
    alert.wait_for()
    assert "luring" in alert.inner_text()
    page.context.close()
    centre.happen("beat")
    centre.happen("tidy")
