"""What might help a customer: products, needs, rules, suitability, suggestions."""
