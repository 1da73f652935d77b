"""What changed about a customer since one last had their page open."""
