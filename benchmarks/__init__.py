"""How fast the shop is, measured beside what the store itself can do."""
