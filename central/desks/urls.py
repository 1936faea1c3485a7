"""Routes of the pages."""

from django.contrib.auth.views import LogoutView
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

from central.desks import (
    account,
    agency,
    bulk,
    city_map,
    complaint_page,
    evidence,
    operator,
    public,
    report_card,
    second_step,
    silencing,
)
from central.desks.live import views as live
from central.desks.sign_in import SignIn

urlpatterns = [
    path("", public.start, name="start"),
    path("live/", live.public_list, name="start-live"),
    path("find/", public.find, name="find"),
    path("c/<slug:tracking>/", public.complaint, name="public-complaint"),
    path("c/<slug:tracking>/live/", live.public_complaint, name="public-complaint-live"),
    path("c/<slug:tracking>/still/<slug:sha256>/", evidence.of_public_complaint, name="public-still"),
    path("login/", SignIn.as_view(), name="login"),
    path("login/kode/", second_step.login_code, name="login-code"),
    path("login/daftar/", second_step.login_enrol, name="login-enrol"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("akun/", account.account, name="account"),
    path("akun/kata-sandi/", account.change_password, name="change-password"),
    path("akun/dua-langkah/", second_step.settings_page, name="second-factor"),
    path("akun/dua-langkah/daftar/", second_step.enrol, name="second-factor-enrol"),
    path("akun/keluar/", account.sign_out_everywhere, name="sign-out-everywhere"),
    # Nobody is harmed by a forged change of language, and pages without a token can be cached for all.
    path("language/", csrf_exempt(set_language), name="language"),
    path("operator/", operator.wall, name="wall"),
    path("operator/live/", live.operator, name="operator-live"),
    path("operator/map/", city_map.page, name="map"),
    path("operator/map/marks/", city_map.marks, name="map-marks"),
    path("operator/complaints/", operator.complaints, name="operator-complaints"),
    path("operator/complaints/<slug:number>/", complaint_page.for_operator, name="operator-complaint"),
    path("operator/complaints/<slug:number>/act/", complaint_page.act_as_operator, name="operator-act"),
    path("operator/incidents/<int:pk>/", operator.incident, name="incident"),
    path("operator/incidents/<int:pk>/acknowledge/", operator.acknowledge_incident, name="acknowledge-incident"),
    path("operator/incidents/<int:pk>/confirm/", operator.confirm_incident, name="confirm-incident"),
    path("operator/incidents/<int:pk>/decide/", operator.decide_incident, name="decide-incident"),
    path("operator/bulk/", bulk.by_operator, name="operator-bulk"),
    path("operator/bulk/<uuid:pk>/undo/", bulk.undo_by_operator, name="operator-undo"),
    path("operator/silences/", silencing.silences, name="silences"),
    path("operator/silences/new/", silencing.make_silence, name="make-silence"),
    path("operator/silences/<int:pk>/end/", silencing.end_silence, name="end-silence"),
    path("operator/quarantine/", operator.quarantine, name="quarantine"),
    path("operator/evidence/<slug:sha256>/", evidence.of_any_incident, name="operator-evidence"),
    path("agency/", agency.queue, name="queue"),
    path("agency/bulk/", bulk.by_officer, name="agency-bulk"),
    path("agency/bulk/<uuid:pk>/undo/", bulk.undo_by_officer, name="agency-undo"),
    path("agency/live/", live.agency, name="agency-live"),
    path("agency/complaints/<slug:number>/", complaint_page.for_officer, name="agency-complaint"),
    path("agency/complaints/<slug:number>/act/", complaint_page.act_as_officer, name="agency-act"),
    path("agency/complaints/<slug:number>/live/", live.agency_complaint, name="agency-complaint-live"),
    path("agency/evidence/<slug:sha256>/", evidence.of_own_complaints, name="agency-evidence"),
    path("rapor/", report_card.report_card, name="report-card"),
    path("rapor/<slug:code>/", report_card.behind_the_mark, name="behind-the-mark"),
]
