"""Addresses below ``/account/``."""

from django.urls import path

from accounts.views import (
    addresses,
    closing,
    devices,
    entrance,
    mailbox,
    profile,
    reset,
)

app_name = "accounts"
urlpatterns = [
    path("", profile.profile, name="profile"),
    path("password/", profile.password, name="password"),
    path("password/reset/", reset.forgotten, name="forgotten"),
    path("password/reset/sent/", reset.sent, name="reset_sent"),
    path("password/reset/<str:name>/<str:token>/", reset.choose, name="reset"),
    path("verify/", mailbox.ask, name="ask_verification"),
    path("verify/<str:name>/<str:token>/", mailbox.verify, name="verify"),
    path("email/", mailbox.email, name="email"),
    path("email/<str:token>/", mailbox.move, name="new_email"),
    path("devices/", devices.device_list, name="devices"),
    path("devices/end/", devices.end_all, name="end_devices"),
    path("devices/<str:handle>/end/", devices.end, name="end_device"),
    path("close/", closing.close, name="close"),
    path("login/", entrance.sign_in, name="sign_in"),
    path("logout/", entrance.sign_out, name="sign_out"),
    path("register/", entrance.register, name="register"),
    path("addresses/", addresses.address_list, name="address_list"),
    path("addresses/region/", addresses.address_region, name="address_region"),
    path("addresses/new/", addresses.address_new, name="address_new"),
    path(
        "addresses/<str:address_id>/edit/",
        addresses.address_edit,
        name="address_edit",
    ),
    path(
        "addresses/<str:address_id>/delete/",
        addresses.address_delete,
        name="address_delete",
    ),
    path(
        "addresses/<str:address_id>/default/",
        addresses.address_default,
        name="address_default",
    ),
]
