"""Routes of permits: what everybody may see, and what administrators change."""

from django.urls import path

from central.permits import public, views

urlpatterns = [
    path("izin/", public.legal_places, name="legal-places"),
    path("izin/places.geojson", public.outlines, name="legal-outlines"),
    path("atur/izin/", views.permits, name="permits"),
    path("atur/izin/marks/", views.marks, name="permit-marks"),
    path("atur/izin/new/", views.new_permit, name="new-permit"),
    path("atur/izin/import/", views.import_permits, name="import-permits"),
    path("atur/izin/<int:pk>/", views.permit, name="permit"),
    path("atur/izin/<int:pk>/remove/", views.remove_permit, name="remove-permit"),
]
