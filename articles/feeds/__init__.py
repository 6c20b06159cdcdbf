"""Feeds of pieces in three formats, for the whole paper and each of its lists.

formats.py writes RSS, Atom and JSON; subjects.py says what a feed can be about, pieces.py what it
tells of a piece; addresses.py knows where all of them are.
"""
