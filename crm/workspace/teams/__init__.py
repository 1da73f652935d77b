"""A supervisor's team: who carries how much, customers who change hands, and words about how one was served."""
