"""Reasons not to start, or not to finish, an import."""


class ImportRefusedError(Exception):
    """The whole file cannot be imported; the message is one line for the person who started it."""


class ImportBusyError(ImportRefusedError):
    """Another import of the kind is running: this one can wait for it."""
