"""The address book."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from accounts import addresses
from accounts.access import customers_only, paced
from accounts.addresses import Address, AddressNotFound, TooManyAddresses
from accounts.areas import area_of
from accounts.forms.address import AddressForm
from accounts.regions import town_for
from aurora.http import HttpRequest, render_page, safe_next, wants_fragment


@require_safe
@customers_only
def address_list(request: HttpRequest) -> HttpResponse:
    return _list_page(request)


@require_http_methods(["GET", "HEAD", "POST"])
@customers_only
def address_new(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _form_page(request, AddressForm(initial=_remembered(request)))
    form = AddressForm(request.POST)
    if not form.is_valid():
        return _form_page(request, form)
    try:
        addresses.add(request.user, form.draft(), now=timezone.now())
    except TooManyAddresses as refusal:
        form.refuse_more(refusal.limit)
        return _form_page(request, form)
    return _saved(request, form)


@require_safe
@customers_only
@paced("pincode")
def address_region(request: HttpRequest) -> HttpResponse:
    """The fields of town and state, filled in from the pincode."""
    pincode = request.GET.get("pincode", "").replace(" ", "")
    area = area_of(pincode)
    shown = request.htmx.current_url_abs_path  # this is a part of that page
    typed, filled = request.GET.get("city", "").strip(), request.GET.get("filled", "")
    told = {
        "city": town_for(area.city, typed, filled),
        "state": area.state or request.GET.get("state", ""),
    }
    context = {
        "form": AddressForm(initial=told),
        "area": area,
        "pincode": pincode,
        "here": safe_next(request, shown, reverse("accounts:address_list")),
    }
    return render(request, "accounts/_region.html", context)


def _remembered(request: HttpRequest) -> dict[str, str]:
    """The pincode given in the page's header, if one was, and what it tells."""
    pincode = request.session.get("pincode", "")
    return AddressForm.initial_at(pincode) if isinstance(pincode, str) else {}


@require_http_methods(["GET", "HEAD", "POST"])
@customers_only
def address_edit(request: HttpRequest, address_id: str) -> HttpResponse:
    address = _own(request, address_id)
    if request.method != "POST":
        initial = AddressForm.initial_from(address)
        return _form_page(request, AddressForm(initial=initial), address)
    form = AddressForm(request.POST)
    if not form.is_valid():
        return _form_page(request, form, address)
    try:
        addresses.edit(request.user, address_id, form.draft(), now=timezone.now())
    except AddressNotFound as error:
        raise Http404 from error
    return _saved(request, form)


@require_POST
@customers_only
def address_delete(request: HttpRequest, address_id: str) -> HttpResponse:
    try:
        addresses.remove(request.user, address_id, now=timezone.now())
    except AddressNotFound as error:
        raise Http404 from error
    return _after_change(request, _("The address is removed."))


@require_POST
@customers_only
def address_default(request: HttpRequest, address_id: str) -> HttpResponse:
    try:
        addresses.make_default(request.user, address_id, now=timezone.now())
    except AddressNotFound as error:
        raise Http404 from error
    return _after_change(request, _("We offer this address first from now on."))


def _own(request: HttpRequest, address_id: str) -> Address:
    try:
        return addresses.find(request.user, address_id)
    except AddressNotFound as error:
        raise Http404 from error


def _saved(request: HttpRequest, form: AddressForm) -> HttpResponse:
    """An address may be kept where nothing is delivered; it is said at once, though."""
    messages.success(request, _("The address is saved."))
    pincode = form.cleaned_data["pincode"]
    if not area_of(pincode).served:
        said = _("We do not deliver to %(pincode)s yet.") % {"pincode": pincode}
        messages.warning(request, said)
    return redirect(_next(request))


def _after_change(request: HttpRequest, said: str) -> HttpResponse:
    if wants_fragment(request):
        return _list_page(request, said)
    messages.success(request, said)
    return redirect("accounts:address_list")


def _list_page(request: HttpRequest, said: str = "") -> HttpResponse:
    return render_page(
        request,
        "accounts/address_list.html",
        "accounts/_address_list.html",
        {"addresses": addresses.addresses_of(request.user), "said": said},
    )


def _form_page(
    request: HttpRequest, form: AddressForm, address: Address | None = None
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "address": address, "next": _next(request)}
    if form.is_bound and "pincode" in form.cleaned_data:
        context["pincode"] = form.cleaned_data["pincode"]
        context["area"] = area_of(context["pincode"])
        context["here"] = _next(request)
    return render_page(
        request,
        "accounts/address_edit.html",
        "accounts/_address_form.html",
        context,
        status=422 if form.errors else 200,
        error=form.error_code,
    )


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next")
    return safe_next(request, wanted, reverse("accounts:address_list"))
