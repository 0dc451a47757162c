"""The shop's addresses: health at the top, then accounts, then the storefront."""

from django.urls import include, path

from aurora import health, languages

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("language/", languages.choose, name="language"),
    path("account/", include("accounts.urls")),
    path("", include("storefront.urls")),
]
handler400 = "aurora.errors.bad_request"
handler403 = "aurora.errors.forbidden"
handler404 = "aurora.errors.not_found"
handler500 = "aurora.errors.broken"
