"""Addresses of the shop: nouns in paths, verbs only at the end of POST-only ones."""

from django.urls import path, register_converter

from storefront.views import (
    accepting,
    account,
    cart,
    catalog,
    changes,
    checkout,
    delivery,
    holds,
    home,
    offline,
    orders,
    pincode,
    product,
    review,
    robots,
    styleguide,
)


class AnyText:
    """An id that other programs made up: it may hold a slash, even a line's end."""

    regex = r"[\s\S]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(AnyText, "any")
app_name = "storefront"
urlpatterns = [
    path("", home.home, name="home"),
    path("manifest.webmanifest", offline.manifest, name="manifest"),
    path("sw.js", offline.worker, name="worker"),
    path("offline/", offline.offline, name="offline"),
    path("offline/keep/", offline.choose, name="offline_choose"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("styleguide/<slug:theme>.css", styleguide.theme_sheet, name="theme_sheet"),
    path("styleguide/<int:status>/", styleguide.error, name="styleguide_error"),
    path("robots.txt", robots.robots, name="robots"),
    path("sitemap.xml", robots.sitemap, name="sitemap"),
    path("sitemap-<int:number>.xml", robots.sitemap_part, name="sitemap_part"),
    path("pincode/", pincode.remember, name="pincode"),
    path("pincode/tell/", pincode.tell, name="pincode_tell"),
    path("pincode/stop/<str:token>/", pincode.stop, name="pincode_stop"),
    path("products/", catalog.product_list, name="product_list"),
    path("products/suggest/", catalog.suggest, name="suggest"),
    path("products/<any:product_id>/", product.product, name="product"),
    path("cart/", cart.show, name="cart"),
    path("cart/add/", cart.add, name="cart_add"),
    path("cart/update/", cart.update, name="cart_update"),
    path("cart/remove/", cart.remove, name="cart_remove"),
    path("cart/clear/", cart.clear, name="cart_clear"),
    path("cart/undo/", cart.undo, name="cart_undo"),
    path("cart/accept/", cart.accept, name="cart_accept"),
    path("checkout/", checkout.checkout, name="checkout"),
    path("checkout/address/", checkout.address, name="checkout_address"),
    path("checkout/slot/", delivery.slot, name="checkout_slot"),
    path("checkout/slot/extend/", holds.extend, name="extend_hold"),
    path("checkout/slot/held/", holds.held, name="held"),
    path("checkout/review/", review.review, name="review"),
    path("checkout/accept/", accepting.accept, name="accept"),
    path("checkout/place/", review.place, name="place"),
    # beside what accounts keeps there: only the shop knows the orders too
    path("account/data/", account.my_data, name="my_data"),
    path("orders/", orders.order_list, name="order_list"),
    path("orders/<any:order_id>/cancel/", orders.cancel, name="order_cancel"),
    path("orders/<any:order_id>/change/", changes.change, name="order_change"),
    path("orders/<any:order_id>/slot/", changes.move, name="order_move"),
    path("orders/<any:order_id>/reorder/", orders.reorder, name="order_reorder"),
    path("orders/<any:order_id>/receipt/", orders.receipt, name="order_receipt"),
    path("orders/<any:order_id>/offline/", offline.slip, name="order_slip"),
    # last, since an id may end in what looks like one of the verbs above
    path("orders/<any:order_id>/", orders.order, name="order"),
]
