"""All routes of the centre."""

from django.urls import include, path

from central.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("api/v1/", include("central.api.urls", namespace="api-1")),
    path("open311/", include("central.open311.urls")),
    path("gateway/", include("central.channels.urls")),
    path("atur/", include("central.administration.urls")),
    path("", include("central.permits.urls")),
    path("operator/", include("central.cameras.urls")),
    path("", include("central.desks.urls")),
]
