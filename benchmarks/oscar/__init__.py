"""A shop on django-oscar with the same goods, to compare with. It runs in a Python
environment of its own: see ``benchmarks/versus_oscar.py``."""
