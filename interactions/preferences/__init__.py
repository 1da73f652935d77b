"""What customers decide about contact by themselves: closing at once, opening again with a code sent to them."""
