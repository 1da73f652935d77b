"""How satisfied customers are: who is asked and why, the invitation by link, the answer, what a low one starts."""
