"""An administrator, at a desk and on a phone, draws a real camera anew; the running box takes it over, only there."""

import json
import math
import re
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe

from calibration.geodesy import LonLat
from scripts.demo.city import BOX_FILE, CLIPS, City
from tests.browser.test_live_pages import shoot
from tests.end_to_end.ledger import Ledger
from tests.end_to_end.running import running_city, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.timeout(420)]

DRAWN, OTHER = "simpang_balai", "kuningan"
ADMIN_PASSWORD = "a long enough password"
TAKES_AT_MOST_S = 10.0
START_ZOOM = 19
SURVEYED = json.loads((BOX_FILE.parent / "calibration" / f"{DRAWN}.json").read_text())
SCREENS = {"desk": {"width": 1366, "height": 900}, "phone": {"width": 390, "height": 844}}
ROAD = [(0.184, 0.966), (0.444, 0.295), (0.590, 0.297), (0.609, 0.983)]


@pytest.fixture(scope="module", params=SCREENS)
def screen(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def city(screen: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[City, Ledger]]:
    """Two cameras: of the one nothing is known yet, the other is watched by its box's own file."""
    folder = tmp_path_factory.mktemp(f"editor-{screen}")
    box = yaml.safe_load(BOX_FILE.read_text())
    drawn, other = (box["cameras"][name] for name in (DRAWN, OTHER))
    for section in (drawn, other):
        section.pop("calibration")
    for key in ("zones", "incidents"):
        drawn.pop(key)
    box["cameras"] = {DRAWN: drawn, OTHER: other}
    file = folder / "box.yaml"
    file.write_text(yaml.safe_dump(box))
    cameras = {name: CLIPS[name] for name in (DRAWN, OTHER)}
    with running_city(folder, cameras=cameras, box_file=file) as (city, ledger):
        city.manage("staff", "adi", "--role", "admin", secret=ADMIN_PASSWORD)
        city.start_box()
        wait_for("the camera streams", lambda: ledger.camera(DRAWN)[0] == "streaming")
        yield city, ledger


@pytest.fixture
def page(city: tuple[City, Ledger], screen: str, browser: Any) -> Iterator[Any]:
    """Logged in as an administrator, at the camera; errors in its console are failures."""
    town, ledger = city
    context = browser.new_context(viewport=SCREENS[screen], locale="en-US", has_touch=screen == "phone")
    page = context.new_page()
    faults: list[str] = []

    def note(message: Any) -> None:
        if message.type == "error" and "422" not in message.text:  # what does not hold is refused
            faults.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{town.page}login/")
    page.fill("#id_username", "adi")
    page.fill("#id_password", ADMIN_PASSWORD)
    page.click("main button")
    page.wait_for_url(lambda url: "/login/" not in url)
    open_camera(page, town, ledger)
    yield page
    context.close()
    assert faults == []


def open_camera(page: Any, town: City, ledger: Ledger) -> None:
    ((pk,),) = ledger.rows(f"SELECT id FROM boxes_camera WHERE code = '{DRAWN}'")
    page.goto(f"{town.page}operator/cameras/{pk}/")
    page.wait_for_selector('html[data-editor="ready"]')
    page.wait_for_function("() => document.getElementById('picture').naturalWidth === 640", timeout=30_000)


def click_picture(page: Any, x: float, y: float) -> None:
    frame = page.locator("#drawing").bounding_box()
    page.mouse.click(frame["x"] + x * frame["width"], frame["y"] + y * frame["height"])


def click_map(page: Any, lon: float, lat: float, middle: LonLat) -> None:
    """Where a place lies on the map as it is shown first: Web Mercator around the camera."""
    ground = page.locator("#ground-map")
    ground.scroll_into_view_if_needed()
    frame = ground.bounding_box()
    (x, y), (middle_x, middle_y) = mercator(lon, lat), mercator(middle.lon, middle.lat)
    page.mouse.click(frame["x"] + frame["width"] / 2 + x - middle_x, frame["y"] + frame["height"] / 2 + y - middle_y)


def mercator(lon: float, lat: float) -> tuple[float, float]:
    size = 256 * 2**START_ZOOM
    return (lon + 180) / 360 * size, (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * size


def surveyed(middle: LonLat) -> list[tuple[tuple[float, float], tuple[float, float]]]:
    """Points of the street as shares of the picture, and their places around the camera."""
    points = SURVEYED["points"]
    metres = np.array([point["metres"] for point in points]) - [0, 38]
    width, height = SURVEYED["image"]["width"], SURVEYED["image"]["height"]
    pixels = [(point["pixel"][0] / width, point["pixel"][1] / height) for point in points]
    return list(zip(pixels, map(tuple, middle.of_metres(metres).tolist()), strict=True))


def looks_of(city: City, camera: str) -> list[str]:
    log = (city.logs / "box.log").read_text()
    return [line for line in log.splitlines() if f"camera={camera}" in line]


def is_accessible(page: Any) -> None:
    found = Axe().run(page).response["violations"]
    serious = [
        f"{each['id']}: {each['nodes'][0]['html'][:200]}" for each in found if each["impact"] in ("serious", "critical")
    ]
    assert serious == []


def test_an_admin_draws_and_calibrates_by_clicking_and_the_running_box_takes_it_over(
    page: Any, city: tuple[City, Ledger]
) -> None:
    town, ledger = city
    page.click("#draw-zone")
    for corner in ROAD:
        click_picture(page, *corner)
    click_picture(page, *ROAD[0])
    assert page.locator(".outline.roadway").count() == 1
    page.fill("[data-field=segment]", "jl-jenderal-sudirman")
    page.fill("[data-field=direction]", "utara")

    page.click("#calibrate")
    section = yaml.safe_load(BOX_FILE.read_text())["cameras"][DRAWN]["location"]
    middle = LonLat(section["lon"], section["lat"])
    for pixel, place in surveyed(middle):
        page.locator("#drawing").scroll_into_view_if_needed()
        click_picture(page, *pixel)
        click_map(page, *place, middle)
    told = page.locator("#calibration-told")
    page.wait_for_function("() => document.querySelectorAll('.grid').length > 10")
    error_m = float(re.search(r"(\d+,\d+) m", told.inner_text())[1].replace(",", "."))
    assert 0 < error_m < 1.0, told.inner_text()
    page.click("#calibrate")

    page.check("[data-kind=jam]")
    page.get_by_label("Durasi terpendek").fill("5s")
    page.get_by_label("Penahanan").fill("3s")
    page.fill("#why", "Jalan utara, dikalibrasi dari ortofoto")
    is_accessible(page)
    page.evaluate("scrollTo(0, 0)")
    shoot(page, "camera-editor")

    page.click("#save")
    began = time.monotonic()
    page.wait_for_function("() => document.getElementById('standing').classList.contains('green')", timeout=20_000)
    assert time.monotonic() - began <= TAKES_AT_MOST_S
    assert ledger.rows("SELECT desired FROM boxes_box") == [(1,)]
    assert "cameras=['simpang_balai']" in (town.logs / "box.log").read_text(), "the other camera went on as it was"
    connections = [line for line in looks_of(town, OTHER) if "camera state" in line and "streaming" in line]
    assert len(connections) == 1, "its stream was not opened again"


def test_what_does_not_hold_is_told_and_an_earlier_version_comes_back(page: Any, city: tuple[City, Ledger]) -> None:
    _town, ledger = city
    page.locator(".outline-name").first.click()
    page.locator("#incidents summary").click()
    page.get_by_label("Durasi terpendek").fill("10")
    page.click("#save")
    faults = page.locator("#faults")
    faults.get_by_text("incidents.jam.min_duration").wait_for()
    page.get_by_label("Durasi terpendek").fill("20s")
    page.click("#save")
    wait_for("version 2", lambda: ledger.rows("SELECT desired FROM boxes_box") == [(2,)], 20)
    page.reload()
    page.get_by_role("button", name="Kembali ke versi 1").click()
    wait_for("version 3", lambda: ledger.rows("SELECT desired FROM boxes_box") == [(3,)], 20)
    ((document,),) = ledger.rows("SELECT document FROM boxes_desiredversion WHERE number = 3")
    assert json.loads(document)["cameras"][DRAWN]["incidents"]["jam"]["min_duration"] == "5s"


def test_the_next_jam_carries_kmh_and_queue_metres(city: tuple[City, Ledger]) -> None:
    _town, ledger = city

    def measured() -> list[dict[str, Any]]:
        rows = ledger.rows("SELECT measures FROM incidents_episode WHERE kind = 'jam'")
        return [found for (text,) in rows if "queue_m" in (found := json.loads(text))]

    jam = wait_for("a jam measured in metres", measured, 200)[0]
    assert 0 <= jam["speed_kmh"] < 10
    assert 5 < jam["queue_m"] < 120
