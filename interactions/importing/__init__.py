"""Kinds of import that this room adds; see customers/importing."""
