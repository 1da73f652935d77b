"""The pages and panels of conversations, by what they show; addresses are in interactions/urls.py."""
