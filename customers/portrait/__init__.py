"""Portrait tags: drawn by the night from rules an admin keeps, shown with their evidence, and said to be wrong.

A portrait needs the customer's own consent (PIPL Art. 24): the night draws none without, and nothing is shown from the
moment it is withdrawn.
"""
