"""A citizen reports, is told that a camera knows it, and follows it to Selesai: on a desktop and a cheap telephone."""

import io
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image

from tests.browser.conftest import PASSWORD, Served
from tests.browser.drawing import street
from tests.central.reports.pictures import photo

SIZES = [pytest.param((1366, 800), id="desktop", marks=pytest.mark.slow), pytest.param((360, 740), id="phone")]
SHOTS = os.environ.get("SIGAP_SCREENSHOTS", "")
MERDEKA = (-2.1312, 106.1101)
"""Where the town's flood is."""
FIRST_LOAD_BYTES = 150 * 1024


@pytest.fixture(params=SIZES)
def page(request: pytest.FixtureRequest, browser: Any, centre: Served) -> Iterator[Any]:
    """A page of this size in a fresh profile; errors in its console are failures."""
    width, height = request.param
    context = browser.new_context(
        viewport={"width": width, "height": height},
        geolocation={"latitude": MERDEKA[0], "longitude": MERDEKA[1]},
        permissions=["geolocation"],
    )
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    centre.happen("quicken", hold_s=3600)
    yield page
    context.close()
    centre.happen("tidy")
    assert faults == []


def shoot(page: Any, name: str) -> None:
    """With SIGAP_SCREENSHOTS=folder, keeps what was seen; never wider than the screen, never hard to read or use."""
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} is wider than {width} px"
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    serious = [each for each in found.response["violations"] if each["impact"] in {"serious", "critical"}]
    told = [(each["id"], [node["html"][:200] for node in each["nodes"]]) for each in serious]
    assert told == [], f"{name}, {width} px"
    if SHOTS:
        page.evaluate("scrollTo(0, 0)")
        page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)


def picture(folder: Path, **more: Any) -> Path:
    """A telephone's photo in a file."""
    path = folder / "banjir.jpg"
    path.write_bytes(photo(shows=street(8, cars=5, water=True), **more))
    return path


def test_a_citizen_reports_what_a_camera_knows_and_follows_it_to_selesai(
    page: Any, centre: Served, tmp_path: Path
) -> None:
    number = centre.happen("begin", scene="flood", severity=3)
    email = f"ani{page.viewport_size['width']}@example.org"
    page.goto(centre.url)
    shoot(page, "citizens-start")
    page.click("a.call")
    page.wait_for_selector("#report-form")

    page.click("label:has(#kind-flood)")
    page.set_input_files("#photo", picture(tmp_path, at=MERDEKA, taken="2026:03:02 12:00:00"))
    page.wait_for_selector(".thumbs img")
    offer = page.locator(".offer")
    assert "Foto Anda menyimpan lokasi: pakai?" in offer.inner_text()
    offer.locator("input").check()
    assert "-2.13120, 106.11010" in page.locator("#place-said").inner_text()
    page.fill("#description", "Air selutut di depan pasar, motor mogok.")
    page.fill("#email", email)
    shoot(page, "citizens-report")
    page.click("text=Kirim laporan")

    page.wait_for_selector(".note-box.good")
    assert "Sudah diketahui kamera: ikuti di sini." in page.locator(".note-box.good").inner_text()
    assert number in page.locator(".agency-story").inner_text()
    assert "Menunggu" in page.locator(".story-state").inner_text()
    assert "motor mogok" not in page.content(), "a citizen's words are for the staff"
    page.wait_for_selector('[data-connection="on"]')
    shoot(page, "citizens-known")

    [asked] = json.loads(centre.happen("letters", address=email))
    link = next(line for line in asked["text"].splitlines() if "/ikuti/" in line).replace(
        "http://127.0.0.1:8080", centre.url
    )
    other = page.context.new_page()
    other.goto(link)
    shoot(other, "citizens-confirm")
    other.click("text=Ya, ikuti")
    other.wait_for_selector("text=Anda mengikuti laporan ini")
    other.close()

    for action, word in (("coordinate", "Koordinasi"), ("start", "Proses"), ("report_done", "Menunggu verifikasi")):
        centre.happen("step", number=number, action=action)
        page.locator(".story-state", has_text=word).wait_for(timeout=10_000)
    centre.happen("quicken", hold_s=1)
    centre.happen("end", scene="flood")
    centre.happen("wait", seconds=1.2)
    centre.happen("step", number=number, action="accept")
    page.locator(".story-state", has_text="Selesai").wait_for(timeout=10_000)
    assert page.locator(".stills figure").count() == 2, "before and after"
    shoot(page, "citizens-selesai")

    letters = json.loads(centre.happen("letters", address=email))
    words = [each["subject"].rpartition(": ")[2] for each in letters[1:]]
    assert words == ["Koordinasi", "Proses", "Menunggu verifikasi", "Selesai"]
    assert all("/berhenti" in each["text"] or "/ikuti/" in each["text"] for each in letters)

    page.click("text=Beri komentar")
    page.fill("#say-text", "Air masih ada di gang sebelah.")
    shoot(page, "citizens-say")
    page.click("text=Belum selesai: mohon dibuka kembali")
    page.wait_for_selector("text=Operator memeriksa")
    operator = page.context.new_page()
    operator.goto(f"{centre.url}/login/")
    operator.fill("#id_username", "oki")
    operator.fill("#id_password", PASSWORD)
    operator.click("main button")
    operator.goto(f"{centre.url}/operator/voices/")
    assert "Air masih ada di gang sebelah." in operator.locator("#voices").inner_text()
    shoot(operator, "operator-voices")
    operator.click("text=Ditangani >> nth=0")
    operator.wait_for_selector(".messages .success")


def test_a_large_photo_is_made_smaller_on_the_telephone_and_stays_upright(
    browser: Any, centre: Served, tmp_path: Path
) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (300, 400, 3), dtype=np.uint8)
    grain = io.BytesIO()
    Image.fromarray(noise).resize((2400, 1800)).save(grain, "PNG")
    path = tmp_path / "besar.jpg"
    path.write_bytes(photo(shows=grain.getvalue(), at=MERDEKA, orientation=6))
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"{centre.url}/lapor/")
    page.evaluate("document.addEventListener('change', ({ target }) => { window.sent = target.files[0].size; })")
    page.set_input_files("#photo", path)
    page.wait_for_selector(".thumbs img")
    sent = page.evaluate("window.sent")  # of the field as htmx found it
    print(f"{path.stat().st_size / 1024:.0f} KiB chosen, {sent / 1024:.0f} KiB sent")
    assert sent < 0.8 * path.stat().st_size
    drawn = page.locator(".thumbs img")
    assert (drawn.get_attribute("width"), drawn.get_attribute("height")) == ("1200", "1600"), "upright, turned once"
    assert "-2.13120, 106.11010" in page.locator(".offer").inner_text(), "the photo's place came along"
    nothing = tmp_path / "nothing.jpg"
    nothing.write_bytes(b"x" * 400_000)
    page.set_input_files("#photo", nothing)
    page.wait_for_selector("#photos .wrong")
    context.close()
    centre.happen("tidy")


def test_a_report_that_was_cut_off_is_kept_and_sent_when_the_connection_is_back(
    browser: Any, centre: Served, tmp_path: Path
) -> None:
    centre.happen("quicken", hold_s=3600)
    centre.happen("begin", scene="flood")
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"{centre.url}/lapor/")
    page.click("label:has(#kind-flood)")
    page.fill("#address", f"{MERDEKA[0]}, {MERDEKA[1]}")
    context.set_offline(True)
    page.set_input_files("#photo", picture(tmp_path))
    page.click("text=Kirim laporan")
    page.wait_for_selector("#kept:has-text('Tidak ada sambungan')")
    assert not page.locator("#report-form").is_visible()
    shoot(page, "citizens-kept")
    context.set_offline(False)
    page.wait_for_selector(".note-box.good", timeout=20_000)
    assert "Sudah diketahui kamera" in page.locator(".note-box.good").inner_text()
    assert "/lapor/" in page.url
    page.goto(centre.url)
    assert not page.locator("#kept").is_visible(), "nothing waits any more"
    context.close()
    centre.happen("tidy")


def test_a_kept_report_is_sent_by_the_next_page_or_dropped(browser: Any, centre: Served) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    for wish, said in (("Buang", None), (None, "Laporan Anda sudah terkirim sekarang")):
        page.goto(f"{centre.url}/lapor/")
        page.click("label:has(#kind-jam)")
        page.fill("#address", "Jl. Merdeka 5")
        context.set_offline(True)
        page.click("text=Kirim laporan")
        page.wait_for_selector("#kept:has-text('macet')")
        if wish:
            page.click(f"#kept >> text={wish}")
            page.wait_for_selector("#kept", state="hidden")
        page.evaluate("window.addEventListener('online', (event) => event.stopImmediatePropagation(), true)")
        context.set_offline(False)
        page.goto(centre.url)
        if said:
            page.wait_for_selector(f"#kept:has-text('{said}')")
            page.evaluate("dispatchEvent(new Event('online'))")  # browsers say so late, or twice
            page.wait_for_timeout(300)
            assert page.locator("#kept").is_visible(), "what was sent stays said"
            page.click("text=Ikuti laporan")
            page.wait_for_selector(".ticket")
        else:
            page.wait_for_timeout(500)
            assert not page.locator("#kept").is_visible()
    context.close()
    centre.happen("tidy")


def test_a_kept_report_is_tried_again_when_the_city_is_busy(browser: Any, centre: Served) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, service_workers="block")
    page = context.new_page()
    answers = iter((503, 429))

    def busy(route: Any) -> None:
        answer = next(answers, None) if route.request.method == "POST" else None
        route.fulfill(status=answer) if answer else route.continue_()

    page.goto(f"{centre.url}/lapor/")
    page.click("label:has(#kind-jam)")
    page.fill("#address", "Jl. Merdeka 5")
    page.route("**/lapor/", busy)
    page.click("text=Kirim laporan")
    page.wait_for_selector("#kept:has-text('macet')")
    page.goto(centre.url)
    page.wait_for_selector("#kept:has-text('Laporan Anda sudah terkirim sekarang')")
    assert next(answers, None) is None, "it was refused twice"
    context.close()
    centre.happen("tidy")


@pytest.mark.slow
def test_place_by_the_telephone_and_by_the_map(page: Any, centre: Served) -> None:
    centre.happen("begin", scene="flood")
    page.goto(f"{centre.url}/lapor/")
    page.click("label:has(#kind-flood)")
    assert page.evaluate("typeof L") == "undefined", "the map is loaded when it is asked for"
    page.click("#open-map")
    page.wait_for_selector(".leaflet-container")
    page.click("#locate")
    page.wait_for_selector("#place-said:has-text('-2.13120')")
    page.wait_for_timeout(400)
    shoot(page, "citizens-map-choice")
    page.locator("#report-map").click(position={"x": 200, "y": 120})
    page.wait_for_function("() => document.getElementById('lon').value !== '106.110100'")
    page.focus("#report-map")
    page.keyboard.press("Enter")
    assert page.input_value("#lat") != ""
    page.click("text=Kirim laporan")
    page.wait_for_selector(".ticket")


@pytest.mark.slow
def test_the_map_of_open_complaints(page: Any, centre: Served) -> None:
    number = centre.happen("begin", scene="parking")
    centre.happen("begin", scene="vending")
    page.goto(f"{centre.url}/peta/")
    page.wait_for_selector('#map[data-shown="2"]')
    page.wait_for_timeout(400)
    shoot(page, "citizens-map")
    page.locator(".map-list a").nth(1).click()
    page.wait_for_selector("h1:has-text('Parkir liar')")
    assert number in page.content()


def test_without_scripts(browser: Any, centre: Served, tmp_path: Path) -> None:
    centre.happen("quicken", hold_s=3600)
    centre.happen("begin", scene="flood")
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(f"{centre.url}/lapor/")
    assert not page.locator("#locate").is_visible()
    page.click("label:has(#kind-flood)")
    page.set_input_files("#photo", picture(tmp_path, at=MERDEKA))
    page.click("text=Kirim laporan")
    assert "Sebutkan tempatnya" in page.locator("#faults").inner_text()
    page.check("[name=photo_place]")
    page.click("text=Kirim laporan")
    assert "Sudah diketahui kamera" in page.locator(".note-box.good").inner_text()
    context.close()
    centre.happen("tidy")


@pytest.mark.parametrize("path", ["/", "/lapor/"])
def test_a_cheap_telephone_pays_little(path: str, browser: Any, centre: Served) -> None:
    for scene in ("flood", "jam", "parking", "vending"):
        centre.happen("begin", scene=scene)
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    wire = context.new_cdp_session(page)
    got: list[float] = []
    wire.on("Network.loadingFinished", lambda event: got.append(event["encodedDataLength"]))
    wire.send("Network.enable")
    page.goto(centre.url + path)
    page.wait_for_timeout(1500)
    context.close()
    centre.happen("tidy")
    assert len(got) >= 4
    print(f"{path}: {sum(got) / 1024:.1f} KiB in {len(got)} answers")
    assert sum(got) <= FIRST_LOAD_BYTES


def test_it_can_be_installed_and_says_when_there_is_no_connection(browser: Any, centre: Served) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(centre.url)
    page.wait_for_function("() => navigator.serviceWorker.ready.then(() => !!navigator.serviceWorker.controller)")
    wire = context.new_cdp_session(page)
    manifest = wire.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert json.loads(manifest["data"])["short_name"] == "Sigap"
    # A profile without a history is one where nothing is installed; that alone may be held against the page.
    told = {each["errorId"] for each in wire.send("Page.getInstallabilityErrors")["installabilityErrors"]}
    assert told <= {"in-incognito"}
    context.set_offline(True)
    page.goto(f"{centre.url}/lapor/")
    assert page.locator("h1").inner_text() == "Tidak ada sambungan"
    assert page.evaluate("getComputedStyle(document.querySelector('.bar')).position") == "sticky", "with its style"
    context.set_offline(False)
    page.click("text=Coba lagi")
    page.wait_for_selector(".hero")
    context.close()
