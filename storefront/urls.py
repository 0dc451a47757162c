"""Addresses of the shop: nouns in paths, verbs only at the end of POST-only ones."""

from django.urls import path

from storefront.views import cart, catalog, home, pincode, product

app_name = "storefront"
urlpatterns = [
    path("", home.home, name="home"),
    path("pincode/", pincode.remember, name="pincode"),
    path("products/", catalog.product_list, name="product_list"),
    path("products/suggest/", catalog.suggest, name="suggest"),
    path("products/<str:product_id>/", product.product, name="product"),
    path("cart/", cart.show, name="cart"),
    path("cart/add/", cart.add, name="cart_add"),
    path("cart/update/", cart.update, name="cart_update"),
    path("cart/remove/", cart.remove, name="cart_remove"),
    path("cart/clear/", cart.clear, name="cart_clear"),
    path("cart/undo/", cart.undo, name="cart_undo"),
    path("cart/accept/", cart.accept, name="cart_accept"),
]
