"""The pages and panels of interactions, one module a subject; addresses are in interactions/urls.py."""
