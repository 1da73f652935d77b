"""What the night computes about customers: months, features, segments, findings.

The definitions of features are SQL files a banker can read (`sql/`), in a subset of Postgres' dialect that other
engines understand; everything is set-based over ranges of customer ids. crm.nightly runs it.
"""
