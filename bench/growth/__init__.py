"""What grows with the archive, and what doesn't.

    python -m bench.growth --sizes 10k 100k 1m

makes newspapers of so many pieces and ten times as many replies (see bench/newspaper/), and
measures the same pages in each: the time of a processor for one that is drawn anew, the page store
passed by, in the process that draws it. The web server's own part, which is always the same, is
left out, so that it hides no growth. Prints a table, and writes docs/growth.md, growth.svg
and growth.json. It fails where what readers ask for takes more than ALLOWED times what it took in
the smallest, and addresses.py does not say why.

addresses.py  what is measured
measuring.py  measures one newspaper, in a process of its own
report.py     table, page and picture
chart.py      how the picture is drawn
"""
