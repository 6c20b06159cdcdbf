"""A newspaper as large as one likes, always the same: what measurements of its growth read.

    python -m bench.newspaper --size 10k --state /tmp/newspaper

makes one in a state directory of its own (SQLite, unless DATABASE_URL names another database).
It appears at a hundred pieces and a thousand replies a day, so a larger one goes further back, and
its last weeks are the same. Besides, one piece each of SHAPES has so many replies. The same seed
gives the same rows; only their times follow the clock. What is made a second time in the same
place is left as it is.

make.py       everything, in order
pieces.py     pieces with all that belongs to them, and their search entries
replies.py    replies with senders, findings and decisions
reads.py      what readers went through in a week
words.py      the texts
pictures.py   some pictures of the library, with all their files
bulk.py       plain rows, and the indexes afterwards
"""
