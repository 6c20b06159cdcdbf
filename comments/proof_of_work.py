"""A small sum that a reader's browser solves before a reply is sent (ALTCHA, version 2).

Nobody else is asked and nothing is stored of who asks. A challenge is signed and runs out; a
solution counts once (UsedWork). The secrets are made from the site's own.
"""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import randbelow
from typing import Any

from django.utils import timezone
from django.utils.crypto import salted_hmac

from comments.models.used_work import UsedWork

ALGORITHM = "PBKDF2/SHA-256"
COST = 2000  # rounds for one try
FEWEST_TRIES, MOST_TRIES = 500, 2500  # about a second of a phone
RUNS_OUT = timedelta(minutes=20)
LONGEST = 2000  # characters of a solution


def challenge() -> dict[str, Any]:
    """A new one, as the widget reads it."""
    from altcha import create_challenge  # noqa: PLC0415 - seldom used

    made = create_challenge(
        ALGORITHM,
        COST,
        counter=FEWEST_TRIES + randbelow(MOST_TRIES - FEWEST_TRIES),
        expires_at=timezone.now() + RUNS_OUT,
        hmac_secret=_secret("challenge"),
        hmac_key_secret=_secret("solution"),
    )
    return made.to_dict()


def is_solved(work: str) -> bool:
    """Whether it is the solution of a challenge of this site's that neither ran out nor was used.

    That it counts no second time is left to `use()`.
    """
    return expiry_of(work) is not None and not _used(work).exists()


def use(work: str) -> bool:
    """Let a solution count, in the transaction of what it was solved for. False where it has
    counted meanwhile."""
    expiry = expiry_of(work)
    return expiry is not None and UsedWork.objects.use(_digest(work), until=expiry)


def expiry_of(work: str) -> datetime | None:
    """When the challenge that `work` solves runs out; None for whatever solves none."""
    from altcha import Payload, verify_solution  # noqa: PLC0415 - seldom used

    if not work or len(work) > LONGEST:
        return None
    result = verify_solution(work, _secret("challenge"), hmac_key_secret=_secret("solution"))
    if not result.verified:
        return None
    # What was signed here is whole.
    expires_at = Payload.from_base64(work).challenge.parameters.expires_at
    moment = datetime.fromtimestamp(expires_at or 0, UTC)
    return moment if moment > timezone.now() else None


def _used(work: str) -> Any:
    return UsedWork.objects.filter(digest=_digest(work))


def _digest(work: str) -> str:
    """Of the challenge, however its solution is spelled."""
    from altcha import Payload  # noqa: PLC0415 - seldom used

    signature = Payload.from_base64(work).challenge.signature or ""
    return sha256(signature.lower().encode()).hexdigest()


def _secret(purpose: str) -> bytes:
    return salted_hmac("comments.proof_of_work", purpose, algorithm="sha256").digest()
