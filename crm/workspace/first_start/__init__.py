"""The first steps of a new bank. Nothing is remembered of them: how far one is, is read off the data."""
