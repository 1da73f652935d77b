"""What the night suggests: the bank's rules over the staged features, the gate over what they find, one a need."""
