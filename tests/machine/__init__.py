"""What a test run needs from the machine beyond Python: a browser and a PostgreSQL server."""


class MachineLacks(Exception):
    """Something a test run needs is not to be had here; the message says what, and what to do."""
