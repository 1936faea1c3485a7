"""Routes of the settings, below /atur/."""

from django.urls import path

from central.administration import agency_pages, area_pages, dry_run_pages, kind_pages, rule_pages, views

urlpatterns = [
    path("", views.index, name="administration"),
    path("audit/", views.audit_trail, name="audit-trail"),
    path("agencies/", agency_pages.agency_list, name="agency-list"),
    path("agencies/new/", agency_pages.new_agency, name="new-agency"),
    path("agencies/import/", agency_pages.upload_agencies, name="import-agencies"),
    path("agencies/of/<slug:code>/", agency_pages.edit_agency, name="edit-agency"),
    path("agencies/of/<slug:code>/contacts/", agency_pages.add_contact, name="add-contact"),
    path("agencies/of/<slug:code>/contacts/<int:contact>/", agency_pages.switch_contact, name="switch-contact"),
    path("areas/", area_pages.area_list, name="area-list"),
    path("areas/shapes/", area_pages.area_shapes, name="area-shapes"),
    path("areas/import/", area_pages.upload_areas, name="import-areas"),
    path("areas/of/<slug:area>/", area_pages.edit_area, name="edit-area"),
    path("kinds/", kind_pages.kind_list, name="kind-list"),
    path("kinds/<slug:kind>/", kind_pages.edit_kind, name="edit-kind"),
    path("rules/", rule_pages.rule_versions, name="routing-rules"),
    path("rules/draft/", rule_pages.begin_draft, name="begin-draft"),
    path("rules/<int:version>/", rule_pages.rule_set, name="rule-set"),
    path("rules/<int:version>/activate/", rule_pages.activate, name="activate-rules"),
    path("rules/<int:version>/discard/", rule_pages.discard, name="discard-rules"),
    path("rules/<int:version>/back/", rule_pages.go_back, name="go-back-to-rules"),
    path("rules/<int:version>/dry-run/", dry_run_pages.dry_run, name="dry-run"),
    path("rules/<int:version>/dry-run.csv", dry_run_pages.dry_run_csv, name="dry-run-csv"),
    path("rules/<int:version>/new/", rule_pages.new_rule, name="new-rule"),
    path("rules/<int:version>/<int:pk>/", rule_pages.edit_rule, name="edit-rule"),
    path("rules/<int:version>/<int:pk>/change/", rule_pages.change_rule, name="change-rule"),
]
