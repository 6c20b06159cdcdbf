"""The addresses of sites that moved in here: each leads to what is found there now, for ever.

paths         one spelling for all that mean the same path, and what stands below a path by rule
remembering   old addresses are kept while an import runs
targets       where something that moved in is found, if readers may see it
leading       where a request for an old address is led
middleware    what asks that, when the site itself has nothing at an address
listing       all of them, old and new
"""
