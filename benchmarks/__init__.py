"""`make bench`: how fast the pages are, as ratios taken in one run on one machine. See `__main__`."""
