"""Search among the published pieces.

tokens.py     what the words of a text are: the same for pieces and for questions
query.py      what a reader typed, read as words, phrases and exclusions
documents.py  the words of a piece, as the index keeps them
sqlite.py, postgresql.py   the two indexes, behind index.py
asking.py     the parameters of the page's address: words, filters, order, place
results.py    search(asked) -> Found; newest(asked, number), for feeds; suggest(text)
fragments.py  the part of a text that answers, with its words marked
rebuilding.py the whole index again, and the pieces of somebody whose name changed
"""
