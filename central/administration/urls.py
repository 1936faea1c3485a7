"""Routes of the settings, below /atur/."""

from django.urls import path

from central.administration import views

urlpatterns = [
    path("", views.index, name="administration"),
    path("audit/", views.audit_trail, name="audit-trail"),
]
