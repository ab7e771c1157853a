"""A seed, a vocabulary and chance -> damaged bytes: flipped, cut, repeated, spliced, with words that hurt."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

_NUMBER = re.compile(rb"\d+")
_PART = re.compile(rb'[^\s<>{}\[\]",:;=&/?#]+|[\s<>{}\[\]",:;=&/?#]')

# Words that break readers of any kind; a target adds the words of its own grammar.
NASTY: tuple[bytes, ...] = (
    b"", b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\\ud800", b"\\u0000", b"\xe2\x80\x8b", b"\xe2\x80\xae",
    b"\xf0\x9d\x9f\x8e", b"\xc2\xb2", b"\xd9\xa3", b"\xe2\x85\xa7", b"\xc4\xb0", b"null", b"true", b"NaN", b"-Infinity", b"1e999",
    b"-1", b"0", b"4294967296", b"9223372036854775808", b"9" * 30, b"9" * 5000, b"1" * 400 + b"e9", b"[" * 400, b'{"a":' * 200,
    b"<div>" * 300, b"<![CDATA[", b"]]>", b"<!--", b"&#x110000;", b"&#0;", b"&#xD800;", b"\r\n", b"\n", b"\r", b"\t", b"%00",
    b"%", b"%zz", b"%2e%2e%2f", b"../", b"\\", b"'", b'"', b"://", b"http://[", b"http://[::1]:99999/", b"//", b"@", b":", b"#",
    b"\x1f\x8b", b"\xfd7zXZ\x00", b"xn--", b"xn--a-", b"\xe3\x80\x82", b"a" * 300, b" " * 3000, b"=1+1",
    b"9999-12-31", b"0001-01-01", b"31/02/2024", b"24:60:61", b"+99:99", b"0000",
)  # fmt: skip


def mutated(seeds: Sequence[bytes], words: Sequence[bytes], most: int, rng: random.Random) -> bytes:
    """One of the seeds with one to some damages, at most `most` bytes: small, so that a million can be had."""
    found = rng.choice(seeds)
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 5, 9))):
        found = rng.choice(_DAMAGES)(found, seeds, words, rng)[:most]
    return found


def _span(one: bytes, rng: random.Random) -> tuple[int, int]:
    start = rng.randint(0, len(one))
    return start, min(len(one), start + rng.choice((1, 1, 2, 4, 8, 30, 200)))


def _flipped(one: bytes, _seeds: Sequence[bytes], _words: Sequence[bytes], rng: random.Random) -> bytes:
    if not one:
        return bytes([rng.randrange(256)])
    at = rng.randrange(len(one))
    return one[:at] + bytes([one[at] ^ (1 << rng.randrange(8))]) + one[at + 1 :]


def _random_byte(one: bytes, _seeds: Sequence[bytes], _words: Sequence[bytes], rng: random.Random) -> bytes:
    start, end = _span(one, rng)
    return one[:start] + rng.randbytes(rng.choice((1, 2, 4))) + one[end:]


def _cut(one: bytes, _seeds: Sequence[bytes], _words: Sequence[bytes], rng: random.Random) -> bytes:
    return one[: rng.randint(0, len(one))]


def _removed(one: bytes, _seeds: Sequence[bytes], _words: Sequence[bytes], rng: random.Random) -> bytes:
    start, end = _span(one, rng)
    return one[:start] + one[end:]


def _repeated(one: bytes, _seeds: Sequence[bytes], _words: Sequence[bytes], rng: random.Random) -> bytes:
    start, end = _span(one, rng)
    return one[:end] + one[start:end] * rng.choice((1, 2, 10, 100)) + one[end:]


def _spliced(one: bytes, seeds: Sequence[bytes], _words: Sequence[bytes], rng: random.Random) -> bytes:
    other = rng.choice(seeds)
    return one[: rng.randint(0, len(one))] + other[rng.randint(0, len(other)) :]


def _worded(one: bytes, _seeds: Sequence[bytes], words: Sequence[bytes], rng: random.Random) -> bytes:
    start, end = _span(one, rng)
    return one[:start] + rng.choice(words) + one[rng.choice((start, end)) :]


def _part_for_word(one: bytes, _seeds: Sequence[bytes], words: Sequence[bytes], rng: random.Random) -> bytes:
    """A whole part of the grammar (a word, a value, a mark) for another."""
    parts = _PART.findall(one)
    if not parts:
        return rng.choice(words)
    parts[rng.randrange(len(parts))] = rng.choice(words) if rng.random() < 0.6 else rng.choice(parts)
    return b"".join(parts)


def _other_number(one: bytes, _seeds: Sequence[bytes], _words: Sequence[bytes], rng: random.Random) -> bytes:
    numbers = list(_NUMBER.finditer(one))
    if not numbers:
        return one
    at = rng.choice(numbers)
    value = int(at.group()[:18])
    other = rng.choice((value + 1, value - 1, -value, value * 10, 0, 13, 32, 2**31, 2**63, rng.randrange(10_000)))
    return one[: at.start()] + str(other).encode() + one[at.end() :]


_DAMAGES: tuple[Callable[[bytes, Sequence[bytes], Sequence[bytes], random.Random], bytes], ...] = (
    _flipped, _random_byte, _cut, _removed, _repeated, _spliced, _worded, _worded, _part_for_word, _part_for_word, _other_number,
)  # fmt: skip
