"""Every page there is, in both languages, on a desk's screen and on a telephone: axe finds no serious fault.

Pages are fetched first and shown to Chromium afterwards, with their scripts and styles: Django's ORM and Playwright's
event loop do not go into one thread.
"""

import mimetypes
import shutil
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import Client

from tests.browser.conftest import CHROMIUM, FLAGS
from tests.central.conftest import POSTGRES
from tests.central.desks.conftest import City
from tests.central.desks.test_pages import DATA, Page, paths
from tests.central.desks.test_routes import TABLE, VISITORS, address, routes

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.timeout(900),
    pytest.mark.skipif(CHROMIUM is None, reason="no /usr/bin/chromium: as root, run deploy/debian-packages.sh"),
    pytest.mark.skipif(POSTGRES, reason="pages look the same, whatever keeps their data"),
]
HOST = "http://sigap.example"
SIZES = {"id": (1280, 800), "en": (360, 740)}
"""One size a language: the faults of a page do not depend on both together."""
FOR_PROGRAMMERS = {"/api/v1/docs"}
"""What the OpenAPI document says, as a page; it is English as the document is."""
GRAVE = {"serious", "critical"}

Pages = dict[tuple[str, str, str], Any]
"""(visitor, language, path) → the response."""


def wanted(city: City) -> Iterator[tuple[str, str]]:
    """Whom each page is shown to, and its path: every route that answers GET, for the first and the last visitor who
    may open it; and what other tests show because there is much on it."""
    for full, name in routes():
        for which, method, expected in TABLE[name]:
            allowed = [visitor for visitor in VISITORS if method == "get" and expected[visitor] == 200]
            for visitor in {*allowed[:1], *allowed[-1:]}:
                yield visitor, address(full, which, city)
    for visitor, addresses in paths(city).items():
        for path in addresses:
            yield visitor, path


def fetched(city: City, clients: dict[str, Client]) -> Pages:
    """In both languages; streams are left out."""
    pages: Pages = {}
    for visitor, path in sorted(set(wanted(city))):
        for language in SIZES:
            clients[visitor].cookies["django_language"] = language
            response = clients[visitor].get(path)
            if not response.streaming:
                pages[visitor, language, path] = response
    return pages


def is_page(response: Any) -> bool:
    return bool(response.content) and response.headers["Content-Type"].startswith("text/html")


def test_axe_finds_nothing_serious(city: City, clients: dict[str, Client]) -> None:
    pages = fetched(city, clients)
    html = [key for key, response in pages.items() if is_page(response)]
    assert len(html) > 80
    faults = found_by_axe(pages, html)
    assert not faults, "\n".join(faults)


def test_every_page_says_everything_in_both_languages(city: City, clients: dict[str, Client]) -> None:
    pages = fetched(city, clients)
    left: dict[str, set[str]] = {}
    for (visitor, language, path), response in pages.items():
        if language == "id" and is_page(response) and path not in FOR_PROGRAMMERS:
            other = pages[visitor, "en", path]
            same = Page(response.content.decode()).texts & Page(other.content.decode()).texts
            left |= {path: odd} if (odd := {text for text in same if not DATA.fullmatch(text)}) else {}
    assert left == {}, repr(left)


def test_axe_is_awake() -> None:
    bad = HttpResponse('<html lang="id"><title>x</title><main><h1>x</h1><img src="/static/desks/mark.svg"></main>')
    (fault,) = found_by_axe({("public", "id", "/"): bad}, [("public", "id", "/")])
    assert "image-alt" in fault


def found_by_axe(pages: Pages, html: list[tuple[str, str, str]]) -> list[str]:
    """A line for each element with a grave fault."""
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    faults = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for language, (width, height) in SIZES.items():
            page = browser.new_page(viewport={"width": width, "height": height})
            for visitor, _, path in [key for key in html if key[1] == language]:
                page.unroute_all()
                page.route("**/*", answering(pages, visitor, language))
                page.goto(HOST + path)
                page.wait_for_load_state("load")
                assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{path}: wider than {width} px"
                violations = Axe().run(page).response["violations"]
                grave = [violation for violation in violations if violation["impact"] in GRAVE]
                faults += [
                    f"{path} ({visitor}, {language}): {violation['id']}: {node['html'][:160]}"
                    for violation in grave
                    for node in violation["nodes"]
                ]
            page.close()
        browser.close()
    return faults


def answering(pages: Pages, visitor: str, language: str) -> Callable[[Any], None]:
    """What was fetched before, or a file of ours; nothing else is there."""

    def answer(route: Any) -> None:
        asked = urlsplit(route.request.url)
        path = asked.path + (f"?{asked.query}" if asked.query else "")
        response = pages.get((visitor, language, path))
        file = finders.find(asked.path.removeprefix("/static/")) if asked.path.startswith("/static/") else None
        if response is not None:
            route.fulfill(status=response.status_code, headers=dict(response.headers), body=response.content)
        elif isinstance(file, str):
            kind = mimetypes.guess_type(file)[0] or "application/octet-stream"
            route.fulfill(path=file, content_type=kind)
        else:
            route.fulfill(status=404, body="")

    return answer
