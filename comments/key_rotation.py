"""New keys in place of those that seal and match readers' addresses, while the site runs.

The new keys are put in front of the former ones first: from then on everything is sealed and
matched with them, and what was before is still read and found with the others. Then each sender
is sealed and fingerprinted anew. A file says that this is under way, so that whoever starts it
again after it was interrupted goes on with the same keys.

Former keys stay until forget_former() finds that nothing needs them.
"""

import contextlib
import fcntl
import os
import secrets
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.models import Exists, OuterRef

from comments import email_privacy
from comments.models import Commenter, DataRequest, Standing
from newsroom.state import write_over

BATCH = 50  # senders in one transaction: others who write wait for no more


@dataclass(frozen=True)
class Progress:
    """How many of all senders were looked at, and how many of their addresses nobody can read."""

    done: int
    total: int
    unreadable: int


def rotate(*, private_key_lost: bool = False) -> Generator[Progress]:
    """Put new keys in place, and seal and fingerprint every sender anew; yields how far it is.

    Runs where the private key is (settings.ADDRESS_PRIVATE_KEY_FILE). Stopped at any point, it
    goes on when it is called again. With `private_key_lost` a new pair takes the place of one
    that can't be read any more: what was sealed to that is lost, and is still matched.
    Raises ImproperlyConfigured where a key can't be read, or another process is at it.
    """
    with _alone() as note:
        _switch(note, private_key_lost=private_key_lost)
        # Requests that began before may still add a sender with the former keys.
        changed, progress = -1, None
        while changed:
            changed = 0
            for step, progress in _pass():
                changed += step
                yield progress
        note.truncate(0)


@contextlib.contextmanager
def _alone() -> Iterator[TextIO]:
    """The note of a rotation that is under way: empty where there is none."""
    file = settings.STATE.keys / "rotation"
    with open(os.open(file, os.O_RDWR | os.O_CREAT, 0o600), "r+") as note:
        try:
            fcntl.flock(note, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ImproperlyConfigured("The keys are being rotated by another process.") from None
        yield note


def _switch(note: TextIO, *, private_key_lost: bool) -> None:
    """Put new keys in front, once in a rotation.

    The note names the keys that are to be replaced. It is written first, and each step looks
    whether it has been done.
    """
    private_file = _private_key_file()
    if not note.read():
        if private_key_lost and _fits(private_file):
            raise ImproperlyConfigured(f"The private key {private_file} is there, and fits.")
        private = None if private_key_lost else email_privacy.read_private_keys(private_file)[0]
        former = [
            email_privacy.name_of(private) if private else "lost",
            email_privacy.name_of(email_privacy.public_key()),
            email_privacy.name_of(email_privacy.fingerprint_keys()[0]),
        ]
        note.write(" ".join(former))
        note.flush()
        os.fsync(note.fileno())
    note.seek(0)
    private_name, public_name, fingerprint_name = note.read().split()
    _add_private_key(private_file, private_name, public_name)
    current = email_privacy.read_private_keys(private_file)[0]
    if email_privacy.name_of(email_privacy.public_key()) == public_name:
        write_over(settings.ADDRESS_PUBLIC_KEY_FILE, email_privacy.public_pem(current))
    # The senders whose addresses can't be read can't be fingerprinted anew either.
    fingerprint_keys = email_privacy.fingerprint_keys()
    is_former = email_privacy.name_of(fingerprint_keys[0]) == fingerprint_name
    if is_former and private_name != "lost":
        keys = (secrets.token_bytes(32), *fingerprint_keys)
        write_over(settings.ADDRESS_FINGERPRINT_KEY_FILE, email_privacy.fingerprint_file(keys))


def _add_private_key(file: Path, private_name: str, public_name: str) -> None:
    new = email_privacy.new_private_key()
    if private_name == "lost":
        # Written already where the file holds one, and that is not the lost one.
        if _name_in(file) not in ("", public_name):
            return
        keys = [new]
    else:
        former = email_privacy.read_private_keys(file)
        if email_privacy.name_of(former[0]) != private_name:
            return
        keys = [new, *former]
    write_over(file, email_privacy.private_pem(keys))


def _fits(file: Path) -> bool:
    return _name_in(file) == email_privacy.name_of(email_privacy.public_key())


def _name_in(file: Path) -> str:
    try:
        return email_privacy.name_of(email_privacy.read_private_keys(file)[0])
    except ImproperlyConfigured:
        return ""


def _private_key_file() -> Path:
    file: Path | None = settings.ADDRESS_PRIVATE_KEY_FILE
    return file or settings.STATE.keys / "address-private.pem"


def _pass() -> Iterator[tuple[int, Progress]]:
    """Look at every sender; for each batch, how many were changed, and how far it is."""
    senders = Commenter.objects.filter(fingerprint__isnull=False).order_by("pk")
    total, done, unreadable, last = senders.count(), 0, 0, 0
    while batch := list(senders.filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        # Reading and sealing take time, and are done outside of the transaction.
        addresses = {sender: _address_of(sender) for sender in batch}
        due = [
            (sender, address, email_privacy.fingerprint(address))
            for sender, address in addresses.items()
            if address is not None and not _is_current(sender, address)
        ]
        anew = [
            (sender, mark, email_privacy.seal(address, bound_to=mark))
            for sender, address, mark in due
        ]
        with transaction.atomic():
            changed = sum(sender.move_to(mark, sealed) for sender, mark, sealed in anew)
        done += len(batch)
        unreadable += sum(address is None for address in addresses.values())
        yield changed, Progress(done, max(total, done), unreadable)


def _address_of(sender: Commenter) -> str | None:
    keys = email_privacy.read_private_keys(_private_key_file())
    try:
        return email_privacy.unseal_with(
            keys, sender.sealed_address, fingerprint=sender.fingerprint
        )
    except email_privacy.CannotUnseal:
        return None


def _is_current(sender: Commenter, address: str) -> bool:
    if sender.fingerprint != email_privacy.fingerprint(address):
        return False
    keys = email_privacy.read_private_keys(_private_key_file())[:1]
    try:
        email_privacy.unseal_with(keys, sender.sealed_address, fingerprint=sender.fingerprint)
    except email_privacy.CannotUnseal:
        return False
    return True


def forget_former() -> list[str]:
    """Remove the former keys that nothing needs any more; why others are kept, a line each.

    Raises ImproperlyConfigured while a rotation is under way.
    """
    with _alone() as note:
        if note.read():
            raise ImproperlyConfigured("A rotation is under way: run rotate_keys first.")
        return [*_forget_private_keys(), *_forget_fingerprint_keys()]


def _forget_private_keys() -> Iterator[str]:
    file = _private_key_file()
    keys = email_privacy.read_private_keys(file)
    waiting = DataRequest.objects.unanswered().count()
    if waiting:
        yield f"Former private keys are kept: {waiting} requests wait for the mail worker."
    elif old := sum(
        address is not None and not _is_current(sender, address)
        for sender in _senders()
        for address in [_address_of(sender)]
    ):
        yield f"Former private keys are kept: {old} addresses are sealed to them."
    elif len(keys) > 1:
        write_over(file, email_privacy.private_pem(keys[:1]))


def _forget_fingerprint_keys() -> Iterator[str]:
    """A block outlives its sender as a fingerprint, which can't be made anew without an address."""
    keys = email_privacy.fingerprint_keys()
    sender = Commenter.objects.filter(fingerprint=OuterRef("fingerprint"))
    blocks = Standing.objects.exclude(Exists(sender)).count()
    unreadable = sum(_address_of(sender) is None for sender in _senders())
    if len(keys) > 1 and (blocks or unreadable):
        yield (
            f"Former keys of fingerprints are kept: {blocks} blocks of erased senders and "
            f"{unreadable} senders whose addresses can't be read are matched with them."
        )
    elif len(keys) > 1:
        write_over(settings.ADDRESS_FINGERPRINT_KEY_FILE, email_privacy.fingerprint_file(keys[:1]))


def _senders() -> Iterator[Commenter]:
    return Commenter.objects.filter(fingerprint__isnull=False).order_by("pk").iterator()
