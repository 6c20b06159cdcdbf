DIGITS = 18  # of which every number is a primary key that databases know how to look for


def is_key(text: str) -> bool:
    """Whether what somebody sent can be a primary key, and `int()` reads it."""
    return text.isascii() and text.isdigit() and len(text) <= DIGITS


def key_as_written(text: str) -> str:
    """A primary key as links have it; empty for what is none."""
    return str(int(text)) if is_key(text) else ""
