"""Serving society: who is found, planning an event, inviting within the policy, attendance, and its effect."""
