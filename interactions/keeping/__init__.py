"""Keeping customers: who is about to leave and why, what was done, and what stays with the bank at maturity."""
