"""Files of the bank on their way in: `manage.py import KIND FILE`.

A file is read as a stream (`readers`), each row becomes typed values by the mapping (`mapping`, `functions`, `plan`),
all rows are copied to logged staging (`staging`), and one transaction decides them as a set (`kind`, `sql`, and one
module per kind). Rejected rows go to the error file (`rejects`). `engine.run` strings these together.
"""
