"""What must survive a restart: the ledger, one SQLite file.

`ledger` is the store itself, `schema` what its tables are and how they came to be, `connection` the file and its
faults, `codec` the way of a noun into a row and back, `memory` the same store without a file.
"""
