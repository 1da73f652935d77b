"""The overnight run: what rooms contribute (crm/lib/night.py), cut into chunks, worked on, resumed, published.

`starting` begins a run, `chunks` hands out its work, `working` does it, `publishing` makes the results live. What a run
is at is in the database and nowhere else, so that workers, broker and database may each die at any moment.
"""
