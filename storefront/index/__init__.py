"""The catalogue index: every list, count and search of the shop, without a store call.

``building`` writes it to one SQLite file per host, ``keeping`` decides when and swaps
the file in, ``shelf`` answers from it, ``searching`` finds words in it.
"""
