"""Where gateways hand in what citizens wrote."""

from django.urls import path

from central.channels import gateway

urlpatterns = [path("<slug:name>/", gateway.take, name="gateway")]
