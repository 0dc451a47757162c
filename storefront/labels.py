"""The catalogue's own words, as far as the shop can say them in another language.

Names of categories, sizes and the like are data that other programs write. What is
known here is translated, anything else is shown as it is stored.
"""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

_CATEGORIES = (
    _("Vegetables"),
    _("Fresh Vegetables"),
    _("Onion, Potato & Roots"),
    _("Root Vegetables"),
    _("Leafy Greens"),
    _("Leafy Vegetables"),
    _("Fresh Herbs"),
    _("Herbs"),
    _("Fruits"),
    _("Fresh Fruits"),
    _("Exotic Fruit & Vegetables"),
    _("Milk & Dairy"),
    _("Dairy"),
    _("Eggs"),
    _("Fresh Juices"),
    _("Juices"),
    _("Dals & Pulses"),
    _("Pulses"),
    _("Rice, Millets & Flours"),
    _("Grains"),
    _("Spices"),
    _("Nuts & Dry Fruits"),
    _("Dry Fruits"),
    _("Oils, Honey & Jaggery"),
    _("Flowers & Leaves for Puja"),
    _("Flowers"),
    _("Groceries"),
    _("General"),
)
_GRADES = (
    _("Excellent"),
    _("Very good"),
    _("Good"),
    _("Fair"),
    _("Average"),
    _("Poor"),
    _("Premium"),
    _("Standard"),
    _("Economy"),
    _("Organic"),
    _("Grade a"),
    _("Grade b"),
    _("Grade c"),
)
# kg, g, l and ml are written so in every language
_UNITS = (
    _("piece"),
    _("pieces"),
    _("pack"),
    _("packet"),
    _("bunch"),
    _("dozen"),
    _("box"),
    _("bottle"),
    _("tray"),
    _("litre"),
)
_STORED = (
    _("Cold storage"),
    _("Cool storage"),
    _("Dry storage"),
    _("Room temperature"),
)
_KINDS = (
    _("Kind"),
    _("Size"),
    _("Color"),
    _("Colour"),
    _("Weight"),
    _("Flavor"),
    _("Flavour"),
    _("Pack"),
)
_VARIANTS = (
    _("Small"),
    _("Medium"),
    _("Large"),
    _("Red"),
    _("Yellow"),
    _("Green"),
    _("Orange"),
    _("White"),
    _("Pink"),
    _("Golden"),
    _("Black"),
    _("Plain"),
    _("Mint"),
    _("Mango"),
    _("Masala"),
    _("Sweet"),
    _("Rose"),
    _("Strawberry"),
    _("Blueberry"),
    _("Classic"),
    _("Ginger"),
    _("Salted"),
    _("Unsalted"),
    _("Pepper"),
    _("Peri peri"),
    _("6 eggs"),
    _("12 eggs"),
    _("30 eggs"),
)
# as storefront.catalog words what is counted beside the shelf
_STEPS = (
    _("Under ₹50"),
    _("₹50 – ₹100"),
    _("₹100 – ₹200"),
    _("₹200 – ₹500"),
    _("Over ₹500"),
    _("In since yesterday"),
    _("In the last 4 days"),
)
_KNOWN = {
    words.lower(): words
    for group in (_CATEGORIES, _GRADES, _UNITS, _STORED, _KINDS, _VARIANTS, _STEPS)
    for words in group
}


def word(stored: str) -> str:
    """What is stored, in the language spoken now; unknown words and English stay as
    they are written."""
    known = _KNOWN.get(stored.lower())
    if known is None:
        return stored
    said = gettext(known)
    return stored if said == known else said
