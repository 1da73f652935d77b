"""The record of repaying, and the papers by which a customer was assessed: what they are, of when, how long they count.

Only their data are here. The papers themselves are in the bank's archive.
"""
