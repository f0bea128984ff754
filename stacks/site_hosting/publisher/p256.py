"""ECDSA signatures over the curve P-256 with SHA-256 (FIPS 186-5; SEC 1), in plain Python.

For `sigv4a` alone: two signatures per deploy, in a Lambda function that nobody can time. Lambda's runtime has
no library for it, and the ones on PyPI are native code for one processor, or have an advisory without a fix
(docs/decisions/0008). tests/unit/stacks/test_sigv4a.py holds it against the package `cryptography`.
"""

import hashlib
import secrets
from typing import Final

_P: Final = 2**256 - 2**224 + 2**192 + 2**96 - 1
_A: Final = _P - 3
ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_G: Final = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)

Point = tuple[int, int] | None
"""Affine coordinates; None is the point at infinity."""


def _add(one: Point, other: Point) -> Point:
    if one is None or other is None:
        return one or other
    (x1, y1), (x2, y2) = one, other
    if x1 == x2:
        if (y1 + y2) % _P == 0:
            return None
        slope = (3 * x1 * x1 + _A) * pow(2 * y1, -1, _P)
    else:
        slope = (y2 - y1) * pow(x2 - x1, -1, _P)
    x = (slope * slope - x1 - x2) % _P
    return x, (slope * (x1 - x) - y1) % _P


def _multiply(factor: int, point: Point) -> Point:
    product: Point = None
    while factor:
        if factor & 1:
            product = _add(product, point)
        point = _add(point, point)
        factor >>= 1
    return product


def public_point(private: int) -> tuple[int, int]:
    """The public key that belongs to a private one (1 to ORDER - 1)."""
    point = _multiply(private, _G)
    if point is None:
        raise ValueError("no private key: a multiple of the curve's order")
    return point


def sign(private: int, message: bytes) -> bytes:
    """The signature of `message` in DER, as X9.62 and SigV4A want it."""
    digest = int.from_bytes(hashlib.sha256(message).digest(), "big")
    while True:
        nonce = secrets.randbelow(ORDER - 1) + 1
        r = public_point(nonce)[0] % ORDER
        s = pow(nonce, -1, ORDER) * (digest + r * private) % ORDER
        if r and s:
            return _der(r, s)


def _der(r: int, s: int) -> bytes:
    def integer(value: int) -> bytes:
        content = value.to_bytes(value.bit_length() // 8 + 1, "big")  # a leading zero bit: not negative
        return bytes((2, len(content))) + content

    content = integer(r) + integer(s)
    return bytes((0x30, len(content))) + content
