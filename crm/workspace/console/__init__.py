"""The admin console: how the system fares, what waits for somebody, and the search of the audit log."""
