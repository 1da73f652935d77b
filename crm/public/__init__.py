"""The public process: two pages that customers reach by signed link. It has no sign-in, no session and no cookie."""
