"""Pictures of every page, in every width, theme and language: ``make gallery``."""
