"""Seeds that depend on what they are for and on nothing else."""

from __future__ import annotations

import hashlib


def stable_seed(*parts: object) -> int:
    """63 bits that depend on the parts alone, the same in every process and on every platform.

    A generator per (seed, code, subject) means that `--select` and new subjects change no other draw.
    """
    digest = hashlib.blake2b("\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little") >> 1
