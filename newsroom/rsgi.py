"""The application as the server of `manage.py serve` asks it."""

from newsroom.wsgi import application as pages  # sets up Django

# isort: split
from django.db import connection

from newsroom.gateway.door import Door
from newsroom.turns import Turns

# How many requests a process works on at a time. SQLite lets the interpreter go at every step, so
# that two would be in each other's way; while PostgreSQL works, others may.
PERMITS = {"sqlite": 1}

application = Door(pages, Turns(PERMITS.get(connection.vendor, 4)))
