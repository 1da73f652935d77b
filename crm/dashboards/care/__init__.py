"""Whom to praise, whom to help, and who is about to leave: short lists with reasons."""
