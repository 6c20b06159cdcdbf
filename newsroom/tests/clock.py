"""Where the clock stands in tests that use the fixture `clock`, unless their file says NOW, and
the site that their pages name."""

from datetime import UTC, datetime

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SITE = "http://localhost:8000"
