"""Routes of Open311. Addresses end in the format: `requests.xml`, `requests.json`."""

from django.urls import path, re_path

from central.open311 import views

FORM = r"\.(?P<form>xml|json)$"

urlpatterns = [
    path("", views.root, name="open311-root"),
    path("openapi.json", views.openapi, name="open311-openapi"),
    re_path(rf"^discovery{FORM}", views.discovery, name="open311-discovery"),
    re_path(rf"^services{FORM}", views.service_list, name="open311-services"),
    re_path(rf"^services/(?P<code>[^/]+?){FORM}", views.service, name="open311-service"),
    re_path(rf"^requests{FORM}", views.requests, name="open311-requests"),
    re_path(rf"^requests/(?P<code>[^/]+?){FORM}", views.single, name="open311-request"),
    re_path(rf"^tokens/(?P<code>[^/]+?){FORM}", views.token, name="open311-token"),
    re_path(r"^(?P<rest>[\s\S]+)\Z", views.nothing, name="open311-nothing"),
]
