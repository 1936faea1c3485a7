"""Indonesian unless somebody chose otherwise."""

from django.conf import settings
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.translation import check_for_language, get_supported_language_variant


class ChosenLanguage(LocaleMiddleware):
    """The language of the switch on the page (a cookie), else the city's own.

    The browser's Accept-Language is not asked: telephones here are often set to English by the shop, and a page that
    depended on it could not be cached for all.
    """

    def process_request(self, request: HttpRequest) -> None:
        """Activates the language for this request."""
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        translation.activate(_supported(chosen) or settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = translation.get_language()

    def process_response(self, request: HttpRequest, response):  # noqa: ARG002 — Django's hook
        """Says which language the page is in."""
        response.headers.setdefault("Content-Language", translation.get_language())
        return response


def _supported(code: str) -> str | None:
    if not code or not check_for_language(code):
        return None
    try:
        return get_supported_language_variant(code)
    except LookupError:
        return None
