"""What was said and promised: the log, channel events, complaints, reminders, contact policy."""
