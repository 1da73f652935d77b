"""The demo bank: branches, people and any number of customers, the same for a seed and a day.

Nobody in it exists. Distributions are data (`names`, `choices`, `cast`); the customers themselves are drawn and
written by set-based SQL (`population`, `consents`), because the same command has to fill a bank of a million.
"""
