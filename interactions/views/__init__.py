"""The pages and panels of interactions, one module a subject."""
