"""What people see: a new complaint without reload, its page, its end. On a desk's screen and on a telephone."""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import PASSWORD, Served

SIZES = [pytest.param((1366, 800), id="desktop"), pytest.param((360, 740), id="phone")]
PROMISE_S = 2.0
SHOTS = os.environ.get("SIGAP_SCREENSHOTS", "")


@pytest.fixture(params=SIZES)
def page(request: pytest.FixtureRequest, browser: Any, centre: Served) -> Iterator[Any]:
    """A page of this size in a fresh profile; errors in its console are failures."""
    width, height = request.param
    context = browser.new_context(viewport={"width": width, "height": height}, locale="en-US")
    page = context.new_page()
    faults: list[str] = []

    def note(message):
        if message.type == "error":
            faults.append(f"{message.text} {message.location}")

    page.on("console", note)
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    context.close()
    centre.happen("tidy")
    assert faults == []


def log_in(page: Any, centre: Served, name: str) -> None:
    page.goto(f"{centre.url}/login/")
    page.fill("#id_username", name)
    page.fill("#id_password", PASSWORD)
    page.click("main button")
    page.wait_for_url(lambda url: "/login/" not in url)


def is_live(page: Any) -> None:
    page.wait_for_selector('[data-connection="on"]', timeout=10_000)


def shoot(page: Any, name: str) -> None:
    """With SIGAP_SCREENSHOTS=folder, keeps what was seen."""
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} is wider than {width} px"
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)


def test_a_jam_appears_on_the_wall_and_goes_by_itself(page: Any, centre: Served) -> None:
    centre.happen("quicken", hold_s=1)
    log_in(page, centre, "oki")
    assert page.url == f"{centre.url}/operator/"
    is_live(page)
    page.evaluate("window.notReloaded = true")

    number = centre.happen("begin", scene="jam", severity=3)
    committed = time.monotonic()
    tile = page.locator(".tile", has_text=number)
    tile.wait_for(timeout=10_000)
    took_s = time.monotonic() - committed
    assert took_s <= PROMISE_S, f"it took {took_s:.2f} s"
    assert page.evaluate("window.notReloaded")
    assert "tile-new" in tile.get_attribute("class"), "marked until somebody has seen it"
    assert "kemacetan" in page.locator("#announcement").text_content()
    assert "Dishub" in tile.inner_text()
    picture = tile.locator("img")
    picture.scroll_into_view_if_needed()
    page.wait_for_function("image => image.complete && image.naturalWidth === 640", arg=picture.element_handle())
    shoot(page, "wall")

    tile.locator(".tile-link").click()
    assert page.url == f"{centre.url}/operator/complaints/{number}/"
    assert page.locator("h1").inner_text() == "Kemacetan"
    is_live(page)
    shoot(page, "complaint")

    code = page.locator("dd.code a").inner_text()
    page.goto(f"{centre.url}/find/?tracking={code.lower().replace('-', ' ')}")
    assert page.url == f"{centre.url}/c/{code}/"
    is_live(page)
    assert "Menunggu" in page.locator(".story-state").inner_text()
    shoot(page, "public")

    centre.happen("end", scene="jam")
    centre.happen("wait", seconds=1.2)
    ended = time.monotonic()
    page.locator(".story-state", has_text="Hilang sendiri").wait_for(timeout=10_000)
    assert time.monotonic() - ended <= PROMISE_S
    assert page.locator("figure").count() == 2, "before and after"
    shoot(page, "public-gone")


def test_the_citizens_list_shows_it_without_reload_in_two_languages(page: Any, centre: Served) -> None:
    page.goto(centre.url)
    assert page.get_attribute("html", "lang") == "id", "the browser's own language is not asked"
    is_live(page)
    number = centre.happen("begin", scene="flood", severity=4)
    committed = time.monotonic()
    row = page.locator(".row", has_text="Genangan/banjir").first
    row.wait_for(timeout=10_000)
    assert time.monotonic() - committed <= PROMISE_S
    shoot(page, "start")
    page.click("button[lang=en]")
    page.locator(".row", has_text="Flooding").first.click()
    page.wait_for_selector("h1:has-text('Flooding')")
    assert number in page.locator(".facts").inner_text()


def test_an_officer_works_and_the_citizen_sees_it(page: Any, centre: Served, browser: Any) -> None:
    centre.happen("quicken", hold_s=3600)
    number = centre.happen("begin", scene="parking")
    log_in(page, centre, "dewi")
    assert page.url == f"{centre.url}/agency/"
    page.locator(".row", has_text=number).locator("a").click()
    public = browser.new_context().new_page()
    public.goto(f"{centre.url}/c/{page.locator('dd.code a').inner_text()}/")
    is_live(public)

    page.click("button[value=start]")
    page.wait_for_selector(".messages .success")
    public.locator(".steps .now", has_text="Proses").wait_for(timeout=2500)

    page.click("button[value=report_done]")
    page.wait_for_selector(".messages .error")  # a note is needed
    page.fill("#note", "Tiga mobil diderek, dua ditilang.")
    page.click("button[value=report_done]")
    page.wait_for_selector(".messages .success")
    shoot(page, "officer")
    public.locator(".steps .now", has_text="Menunggu verifikasi").wait_for(timeout=2500)
    assert "diderek" not in public.content(), "notes are for the staff"
    public.context.close()


def test_a_half_written_note_survives_what_others_do(page: Any, centre: Served) -> None:
    centre.happen("quicken", hold_s=3600)
    number = centre.happen("begin", scene="vending")
    log_in(page, centre, "oki")
    page.goto(f"{centre.url}/operator/complaints/{number}/")
    is_live(page)
    page.fill("#note", "Saya sedang menulis")
    centre.happen("work", number=number)
    page.locator("#story .state", has_text="Proses").first.wait_for(timeout=2500)
    assert page.input_value("#note") == "Saya sedang menulis"
    page.click("button[value=coordinate]")
    refusal = page.locator(".messages .error")
    refusal.wait_for()
    assert "diubah orang lain" in refusal.inner_text()


def test_what_is_broken_is_shown_while_it_breaks(page: Any, centre: Served) -> None:
    log_in(page, centre, "oki")
    is_live(page)
    before = page.locator("#troubles .count").inner_text()
    centre.happen("garbage")
    centre.happen("camera", code="bundaran", state="faulty", reason="gambar gelap")
    page.locator(".troubles .brief li", has_text="Bundaran Timah").wait_for(timeout=2500)
    assert page.locator("#troubles .count").inner_text() != before
    page.click("text=Semua pesan di karantina")
    assert "pgk-01" in page.locator("tbody").inner_text()
    shoot(page, "quarantine")
    centre.happen("camera", code="bundaran", state="streaming", reason="")


def test_the_wall_by_keyboard_is_seen_by_all(page: Any, centre: Served, browser: Any) -> None:
    centre.happen("quicken", hold_s=3600)
    log_in(page, centre, "oki")
    is_live(page)
    for scene in ("parking", "vending"):
        centre.happen("begin", scene=scene)
    page.locator(".tile-new").nth(1).wait_for(timeout=5000)
    other = browser.new_context().new_page()
    log_in(other, centre, "oki")
    is_live(other)

    page.keyboard.press("j")
    first = page.evaluate("document.activeElement.id")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.id") != first
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.id") == first
    shoot(page, "wall-keys")
    pressed = time.monotonic()
    page.keyboard.press("a")
    theirs = other.locator(".tile", has=other.locator(f"#{first}"))
    theirs.locator("text=Dilihat oleh oki").wait_for(timeout=5000)
    assert time.monotonic() - pressed <= PROMISE_S
    assert "tile-new" not in theirs.get_attribute("class")
    page.locator(".tile", has=page.locator(f"#{first}")).locator("text=Dilihat oleh oki").wait_for()
    page.wait_for_function("id => document.activeElement.id === id", arg=first)
    assert page.locator(".tile-new").count() == 1, "the other one is still new"

    page.keyboard.press("?")
    page.keyboard.press("a")
    shoot(page, "keys")
    page.keyboard.press("Escape")
    page.click("#sound")
    assert page.get_attribute("#sound", "aria-pressed") == "true"
    page.keyboard.press("j")  # back to the tile in hand
    page.keyboard.press("r")
    page.wait_for_selector("#reason:focus")
    page.keyboard.type("jackal")
    assert page.input_value("#reason") == "jackal"
    other.context.close()


COUNT_NOTES = """
window.notes = 0;
const Note = OscillatorNode;
window.OscillatorNode = class extends Note { start(when) { window.notes += 1; super.start(when); } };
"""


def test_what_is_new_is_heard_by_those_who_want_it(page: Any, centre: Served) -> None:
    centre.happen("quicken", hold_s=3600)
    page.add_init_script(COUNT_NOTES)
    log_in(page, centre, "oki")
    is_live(page)
    centre.happen("begin", scene="jam")
    page.locator(".tile-new").wait_for(timeout=5000)
    assert page.evaluate("window.notes") == 0, "silent until somebody switches it on"
    page.click("#sound")
    page.wait_for_function("() => window.notes === 2")  # how it will sound
    page.reload()
    is_live(page)
    assert page.get_attribute("#sound", "aria-pressed") == "true", "remembered"
    page.keyboard.press("j")  # a gesture: only now may a page sound
    page.locator("#sound", has_text="Suara hidup").wait_for()
    centre.happen("begin", scene="parking")
    page.wait_for_function("() => window.notes === 2", timeout=5000)


def test_the_map_is_live(page: Any, centre: Served) -> None:
    centre.happen("quicken", hold_s=3600)
    centre.happen("begin", scene="flood", severity=4)
    log_in(page, centre, "oki")
    page.goto(f"{centre.url}/operator/map/")
    is_live(page)
    page.wait_for_selector('#map[data-shown="1"]')
    page.locator("#map").click()  # the only mark lies in the middle
    assert "Genangan" in page.locator(".leaflet-popup-content a").inner_text(timeout=3000)
    centre.happen("begin", scene="parking", severity=3)
    page.wait_for_selector('#map[data-shown="2"]', timeout=5000)
    page.locator("#map-list a", has_text="Parkir liar").wait_for(timeout=5000)
    page.click("#show-all")
    page.locator("#map-list a").first.focus()
    shoot(page, "map")
