"""Looks for email addresses, and for anything made from them, in all that leaves the site.

`traces` says what an address may have been turned into, `readings` how bytes are read, `scanner`
puts both together. `newsroom` is a site full of canary addresses; `routes`, `samples` and `links`
find its URLs, `forms` what can be sent there, `walk` goes to all of them. `evidence` makes bytes
of answers, mails, log records and rows, and `logs` hears what is logged. `disguises` and
`planting` prove that the search finds what there is to find.

`database_file` gives the bytes of the database as it lies on the disk: there the sealed address and
its fingerprint belong, and the address itself does not.
"""
