"""A member of the staff with a browser that reads no more than HTML."""

import re
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

from scripts.demo.city import City


class Desk:
    """Signed in as one of the city's logins."""

    def __init__(self, city: City, name: str) -> None:
        self._page = city.page
        self._browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        form = self.read("login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
        assert token is not None
        fields = {"username": name, "password": city.logins[name], "csrfmiddlewaretoken": token[1]}
        with self._browser.open(f"{self._page}login/", urllib.parse.urlencode(fields).encode(), timeout=30) as answer:
            assert "login" not in answer.url, f"{name} was not let in"

    def fetch(self, path: str) -> bytes:
        """What stands under that path; HTTPError when it is refused."""
        with self._browser.open(self._page + path, timeout=30) as answer:
            content: bytes = answer.read()
            return content

    def read(self, path: str) -> str:
        """The same as text."""
        return self.fetch(path).decode()
