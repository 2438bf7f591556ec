"""Flags of single bytes, 64 to a word: what must be known of every byte of a file is asked of 64 at once."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lustrum_plugins.connect.views import Flags, Places

Bits = npt.NDArray[np.uint64]
"""The flag of byte n is bit n % 64 of word n // 64."""

_WORD = np.dtype("<u8")
ONE, LAST = np.uint64(1), np.uint64(63)


def packed(flags: Flags) -> Bits:
    """Pack flags; those behind the last are not set."""
    filled = np.zeros(-(-len(flags) // 64) * 8, np.uint8)
    filled[: -(-len(flags) // 8)] = np.packbits(flags, bitorder="little")
    return filled.view(_WORD)


def places(bits: Bits) -> Places:
    """Give the places of the flags that are set.

    >>> places(packed(np.array([True, False, True]))).tolist()
    [0, 2]
    """
    return np.flatnonzero(np.unpackbits(bits.view(np.uint8), bitorder="little").view(np.bool_))


def before(bits: Bits) -> Bits:
    """Say of each byte what is said of the one before it; there is none before the first.

    >>> places(before(packed(np.arange(70) % 63 == 0))).tolist()
    [1, 64]
    """
    moved = bits << ONE
    moved[1:] |= bits[:-1] >> LAST
    return moved


def after(bits: Bits) -> Bits:
    """Say of each byte what is said of the one after it; there is none after the last.

    >>> places(after(packed(np.arange(70) % 64 == 0))).tolist()
    [63]
    """
    moved = bits >> ONE
    moved[:-1] |= bits[1:] << LAST
    return moved


def odd(bits: Bits) -> Bits:
    """Say of each byte whether an odd number of flags is set up to it, itself included.

    >>> places(odd(packed(np.array([False, True, False, True, False])))).tolist()
    [1, 2]
    """
    parity = bits.copy()
    for width in (1, 2, 4, 8, 16, 32):
        parity ^= parity << np.uint64(width)
    so_far = np.bitwise_xor.accumulate(parity >> LAST)
    parity[1:] ^= np.uint64(0) - so_far[:-1]
    return parity
