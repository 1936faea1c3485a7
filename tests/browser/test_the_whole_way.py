"""From two sample cameras to the end of their complaints, with every part real, seen on a desk and on a telephone.

One city for all of it, in this order: each walk takes up what the cameras show in their next round.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.demo.city import BOX_FILE, CLIPS, City
from tests.browser.test_live_pages import is_live, shoot
from tests.end_to_end.ledger import FiledComplaint, Ledger
from tests.end_to_end.running import running_city, wait_for
from tests.end_to_end.sample import CAMERA, spliced

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

MARKET = "pasar_senen"
CALM = ((0, 7), (46, 60)) * 4
"""After the jam of a round the road is free for so long that a camera, asked whether it is, can be sure."""
STALL = (14, 36)
"""The stall stands all the time: it is there until the operator has come."""
ROUND_MS = 240_000
"""A round of the jam is two minutes and a quarter; more is what a busy machine adds."""
SIZES = {"desk": (1366, 800), "phone": (360, 740)}
SK = "SK 511/2026"


@dataclass
class Walk:
    """The running city and two browsers that look at it."""

    city: City
    ledger: Ledger
    desk: Any
    phone: Any

    @property
    def both(self) -> tuple[Any, Any]:
        return self.desk, self.phone

    def log_in(self, page: Any, name: str) -> None:
        page.context.clear_cookies()
        page.goto(f"{self.city.page}login/")
        page.fill("#id_username", name)
        page.fill("#id_password", self.city.logins[name])
        page.click("main button")
        page.wait_for_url(lambda url: "/login/" not in url)

    def complaints(self, kind: str) -> list[FiledComplaint]:
        return [complaint for complaint in self.ledger.complaints() if complaint.kind == kind]


@pytest.fixture(scope="module")
def walk(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    folder = tmp_path_factory.mktemp("whole-way")
    cameras = {
        CAMERA: spliced(CLIPS[CAMERA], folder / "jam.mp4", (7, 60), *CALM),
        MARKET: spliced(CLIPS[MARKET], folder / "stall.mp4", STALL),
    }
    with running_city(folder, cameras=cameras, box_file=box_of(cameras, folder / "box.yaml")) as (city, ledger):
        city.logins["adi"] = "a long enough test password"
        city.manage("staff", "adi", "--role", "admin", secret=city.logins["adi"])
        city.manage("policy", "jam", "--reopen", "0")  # each round is a jam of its own
        pages = [browser.new_context(viewport={"width": w, "height": h}).new_page() for w, h in SIZES.values()]
        yield Walk(city, ledger, *pages)
        for page in pages:
            page.context.close()


def box_of(cameras: dict[str, Path], path: Path) -> Path:
    """The demo's box with these of its cameras."""
    box = yaml.safe_load(BOX_FILE.read_text())
    kept = {name: box["cameras"][name] for name in cameras}
    for camera in kept.values():
        camera["calibration"] = str(BOX_FILE.parent / camera["calibration"])
    path.write_text(yaml.safe_dump(box | {"cameras": kept}))
    return path


def permits_near_the_market() -> bytes:
    """A file of one permit, 30 m from the market's camera, that holds day and night."""
    where = yaml.safe_load(BOX_FILE.read_text())["cameras"][MARKET]["location"]
    lon, lat = where["lon"] + 0.00027, where["lat"]
    corners = ((0, 0), (0.0001, 0), (0.0001, 0.0001), (0, 0.0001), (0, 0))
    wkt = ", ".join(f"{lon + east:.6f} {lat + north:.6f}" for east, north in corners)
    file = io.StringIO()
    rows = csv.writer(file)
    rows.writerow(["sk", "name", "valid_from", "valid_to", "hours", "capacity", "outline"])
    rows.writerow([SK, "Loksem Pasar Senen", "2026-01-01", "2099-12-31", "00:00-24:00", "40", f"POLYGON (({wkt}))"])
    return file.getvalue().encode()


def test_an_admin_imports_a_permit_and_everybody_sees_it(walk: Walk) -> None:
    walk.log_in(walk.desk, "adi")
    walk.desk.goto(f"{walk.city.page}atur/izin/")
    walk.desk.set_input_files(
        "#file", {"name": "izin.csv", "mimeType": "text/csv", "buffer": permits_near_the_market()}
    )
    walk.desk.click("text=Impor >> nth=-1")
    walk.desk.wait_for_selector(".messages .success")
    walk.desk.wait_for_selector('#plots[data-shown="1"]')
    shoot(walk.desk, "permits")
    walk.phone.goto(f"{walk.city.page}izin/")
    assert "Sah sekarang" in walk.phone.locator(".place", has_text="Loksem Pasar Senen").inner_text()
    walk.phone.wait_for_selector('#plots[data-shown="1"]')
    shoot(walk.phone, "legal-places")


def test_a_jam_is_filed_and_goes_by_itself_with_nobody_touching_anything(walk: Walk) -> None:
    for page in walk.both:
        walk.log_in(page, "operator")
        is_live(page)
    walk.city.start_box()
    for page in walk.both:
        tile = page.locator(".tile", has_text="Kemacetan").filter(has_text="SGP-")
        tile.wait_for(timeout=ROUND_MS)
        assert "Dishub" in tile.inner_text(), "routed"
    (filed,) = walk.complaints("jam")
    ((due, response_due),) = walk.ledger.rows("SELECT completion_due, first_response_due FROM complaints_complaint")
    assert due
    assert response_due
    walk.desk.goto(f"{walk.city.page}operator/complaints/{filed.number}/")
    is_live(walk.desk)
    assert "Dinas Perhubungan" in walk.desk.locator(".facts").first.inner_text()
    assert walk.desk.locator("h2", has_text="Batas waktu").is_visible()
    shoot(walk.desk, "whole-way-jam")
    code = walk.desk.locator("dd.code a").inner_text()
    walk.phone.goto(f"{walk.city.page}c/{code}/")
    is_live(walk.phone)
    for page in walk.both:
        page.evaluate("window.notReloaded = true")
        page.locator(".story-state", has_text="Hilang sendiri").wait_for(timeout=ROUND_MS)
        assert page.evaluate("window.notReloaded")
    shoot(walk.phone, "whole-way-gone")
    ended = walk.ledger.complaint(filed.number)
    assert (ended.state, ended.incident_state) == ("gone", "closed")
    touched = "SELECT count(*) FROM complaints_history WHERE user_id IS NOT NULL"
    assert walk.ledger.rows(touched) == [(0,)]
    assert walk.ledger.rows("SELECT count(*) FROM incidents_decision") == [(0,)]


def test_ambiguous_vending_waits_for_the_operator_and_goes_on(walk: Walk) -> None:
    for page in walk.both:
        walk.log_in(page, "operator")
        is_live(page)
    tiles = [page.locator(".tile", has_text="PKL liar").filter(has_text="Konfirmasi?") for page in walk.both]
    for tile in tiles:
        tile.wait_for(timeout=ROUND_MS)
    assert f"Izin {SK} berlaku dalam jarak 60 m" in tiles[0].inner_text()
    assert walk.complaints("vending") == [], "nobody has said that it is real"
    shoot(walk.phone, "whole-way-ambiguous")
    tiles[1].locator("button", has_text="Ya, konfirmasi").click()
    for page in walk.both:
        filed = page.locator(".tile", has_text="PKL liar").filter(has_text="Satpol PP")
        filed.wait_for(timeout=30_000)
    (complaint,) = walk.complaints("vending")
    assert complaint.agency == "satpol-pp"
    assert walk.ledger.rows("SELECT action, actor FROM incidents_decision") == [("confirm", "operator")]


def test_an_officer_works_one_to_the_end_and_the_camera_says_so(walk: Walk) -> None:
    for page in walk.both:
        walk.log_in(page, "dishub")
        is_live(page)
    row = walk.phone.locator(".row", has_text="Kemacetan").filter(has_text="Menunggu")
    row.wait_for(timeout=ROUND_MS)
    row.locator("a").click()
    walk.phone.click("button[value=start]")
    walk.phone.wait_for_selector(".messages .success")
    number = walk.phone.locator("dd.code").first.inner_text()
    over = ("cleared", "closed")
    wait_for("the road is free", lambda: walk.ledger.complaint(number).incident_state in over, 150)
    walk.desk.goto(f"{walk.city.page}agency/complaints/{number}/")
    is_live(walk.desk)
    walk.desk.fill("#note", "Dua petugas mengatur lalu lintas di simpang.")
    walk.desk.click("button[value=report_done]")
    walk.desk.wait_for_selector(".messages .success")
    for page in walk.both:
        page.locator(".story-state", has_text="Selesai").wait_for(timeout=60_000)
    shoot(walk.desk, "whole-way-done")
    assert walk.ledger.complaint(number).state == "done"
    last = walk.ledger.rows("SELECT action, user_id FROM complaints_history ORDER BY id DESC LIMIT 1")
    assert last == [("camera_confirms", None)], "the camera’s word, nobody’s"
