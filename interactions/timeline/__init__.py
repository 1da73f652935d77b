"""One line of time over all channels. Rooms above add their sources with `sources.register`."""
