"""From a bare machine to a running Zhike: what `make run` and `make test` do.

For trying and developing. A bank runs the same app on its own servers; nothing in here is imported by it.
"""
