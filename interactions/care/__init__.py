"""Caring: whom to congratulate or to stand by, with what words, and which festivals by the lunar calendar."""
