"""Previous and next customer on the customer page, along the list or the Today that one came from."""
