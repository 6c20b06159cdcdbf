"""Which start of the machine this is."""

import os
from functools import cache
from hashlib import blake2b
from pathlib import Path

LINUX = Path("/proc/sys/kernel/random/boot_id")


@cache
def boot_mark() -> int:
    """The same number in all processes until the machine starts anew.

    Where the system does not say it, another one for each group of processes: nothing outlives
    the newsroom's stop there.
    """
    told = LINUX.read_bytes() if LINUX.exists() else str(os.getpgrp()).encode()
    return int.from_bytes(blake2b(told, digest_size=7).digest())
