"""What the night contributes here: the reminders of facts, set-based over ranges of customer ids; crm.nightly runs it.

Which facts become a reminder is SQL a banker can read (`sql/`): a file a kind, each a SELECT of customer_id, cause, due
and values. `off` there are the days without work, with the working days before and after them.
"""
