"""Routes of the API."""

from django.urls import URLPattern, path, re_path
from django.views.decorators.http import require_GET

from central.api.explained import page
from central.api.gate import shaped
from central.api.service import api, nothing


def _routes() -> list[URLPattern]:
    routes, _app, _namespace = api.urls
    for route in routes:
        assert isinstance(route, URLPattern)
        # Ninja gives its description to whichever method.
        view = require_GET(route.callback) if route.name == "openapi-json" else route.callback
        route.callback = shaped(view)
    return routes


app_name = "api-1"
urlpatterns = [
    path("docs", page, name="api-docs"),
    *_routes(),
    re_path(r"^(?P<rest>[\s\S]+)\Z", shaped(nothing), name="api-nothing"),
]
