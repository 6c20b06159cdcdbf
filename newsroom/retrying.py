from datetime import datetime, timedelta

from django.utils import timezone

ATTEMPTS = 8  # of what fails for a time: within about two hours


def later(attempt: int) -> datetime:
    """When to try again what failed for the `attempt`th time: in 1, 2, 4 … minutes."""
    return timezone.now() + timedelta(minutes=2 ** (attempt - 1))
