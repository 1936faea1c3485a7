"""python -m scripts.pictures: runs the demo and photographs its pages for the docs (needs Debian's chromium)."""

import sys
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from contract.kinds import IncidentKind
from scripts.broker import free_port
from scripts.demo.city import ROOT, City
from scripts.demo.processes import DemoError

FOLDER = ROOT / "docs" / "pictures"
CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
PATIENCE_S = 120.0


def main() -> int:
    """Waits for the first complaint of a jam, then goes from page to page."""
    with City(port=free_port(), folder=ROOT / "var" / "pictures") as city:
        city.build(lambda text: sys.stdout.write(f"{text}\n"))
        complaint = _first_jam(city)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            page = browser.new_page(viewport={"width": 1200, "height": 800}, locale="id-ID")
            page.goto(city.page)
            _shoot(page, "citizens")
            page.goto(complaint["url"])
            _shoot(page, "complaint", whole=True)
            page.goto(f"{city.page}operator/")
            page.fill("input[name=username]", "operator")
            page.fill("input[name=password]", city.logins["operator"])
            page.press("input[name=password]", "Enter")
            page.wait_for_url("**/operator/")
            _shoot(page, "operator")
            page.goto(f"{city.page}operator/complaints/{complaint['number']}/")
            _shoot(page, "operator-complaint", whole=True)
            phone = browser.new_page(viewport={"width": 390, "height": 844}, device_scale_factor=2, locale="id-ID")
            phone.goto(complaint["url"])
            _shoot(phone, "complaint-phone")
            browser.close()
    return 0


def _first_jam(city: City) -> dict[str, str]:
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        city.processes.check_alive()
        for complaint in city.complaints():
            if complaint["kind"] == IncidentKind.JAM:
                time.sleep(3)  # its still follows by itself
                return complaint
        time.sleep(0.5)
    raise DemoError(f"no complaint of a jam after {PATIENCE_S:.0f} s; see {city.logs}")


def _shoot(page: Page, name: str, *, whole: bool = False) -> None:
    page.wait_for_timeout(500)
    path: Path = FOLDER / f"{name}.png"
    page.screenshot(path=path, full_page=whole)
    sys.stdout.write(f"{path.relative_to(ROOT)}\n")


if __name__ == "__main__":
    raise SystemExit(main())
