"""The whole catalogue of the demo shop: its categories and everything on them."""

from dataclasses import replace

from storefront.demo import dairy, fruit, greens, larder, vegetables
from storefront.demo.goods import Category, Good

# Absolute prices stand where the siblings' customer portal would have written them.
SHELVES: tuple[tuple[Category, tuple[Good, ...]], ...] = (
    (Category("vegetables", "Vegetables", "#4CAF50"), vegetables.VEGETABLES),
    (
        Category("roots-tubers", "Onion, Potato & Roots", "#A1662F"),
        vegetables.ROOTS_TUBERS,
    ),
    (Category("leafy-greens", "Leafy Greens", "#2E7D32"), greens.LEAFY_GREENS),
    (Category("herbs", "Fresh Herbs", "#66A03C"), greens.HERBS),
    (Category("fruits", "Fruits", "#F59E0B"), fruit.FRUITS),
    (
        Category("exotic", "Exotic Fruit & Vegetables", "#8E4A9E", absolute=True),
        fruit.EXOTIC,
    ),
    (Category("dairy", "Milk & Dairy", "#5B9BD5", absolute=True), dairy.DAIRY),
    (Category("eggs", "Eggs", "#D9A066"), dairy.EGGS),
    (Category("juices", "Fresh Juices", "#E8702A", absolute=True), dairy.JUICES),
    (Category("dals-pulses", "Dals & Pulses", "#D4A017"), larder.DALS_PULSES),
    (
        Category("rice-flours", "Rice, Millets & Flours", "#B08D57"),
        larder.RICE_FLOURS,
    ),
    (Category("spices", "Spices", "#B7410E"), larder.SPICES),
    (
        Category("dry-fruits", "Nuts & Dry Fruits", "#8B5A2B", absolute=True),
        larder.DRY_FRUITS,
    ),
    (
        Category("oils-sweeteners", "Oils, Honey & Jaggery", "#C98A1B"),
        larder.OILS_SWEETENERS,
    ),
    (Category("flowers", "Flowers & Leaves for Puja", "#D6457F"), greens.FLOWERS),
)

CATEGORIES = tuple(category for category, _ in SHELVES)
GOODS = tuple(
    replace(good, category=category) for category, goods in SHELVES for good in goods
)
BY_CODE = {good.code: good for good in GOODS}
