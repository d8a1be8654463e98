"""Text at rest: AES-GCM under keys kept apart from the database, and keyed hashes for look-ups.

Ciphertext layout: 1 byte version, 4 bytes key id, 12 bytes nonce, then AES-256-GCM's output (text plus a 16-byte tag).
The key id is the head of the key's SHA-256, so several keys can be read at once and the first one writes (rotation).
Source: NIST SP 800-38D; random 96-bit nonces are safe for far more rows than a community has (2**32 per key).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Sequence
from pathlib import Path

VERSION = b"\x01"
KEY_BYTES = 32
_HEAD = 1 + 4
_NONCE = 12


class KeyProblem(ValueError):
    """A key is missing, malformed, or not the one the data was written with; the message is fit for a person."""


class KeyRing:
    """The keys of one installation: the first writes, all of them read.

    The key for look-up hashes is derived from the *last* key, which rotation never removes first, so hashes stay equal
    when a new key is put in front. Raises KeyProblem for an empty ring or a key that is not 32 bytes in base64.
    """

    def __init__(self, keys: Sequence[str]) -> None:
        # Imported here: 20 ms that only a process which holds keys needs to pay.
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        raw = [_decode(key) for key in keys]
        if not raw:
            raise KeyProblem("There is no encryption key; set privacy.encryption_keys or privacy.key_file.")
        self._keys = tuple(keys)
        self._ciphers = {_key_id(key): AESGCM(key) for key in raw}
        self._writing_id = _key_id(raw[0])
        self._hash_key = hashlib.sha256(b"klatch lookup" + raw[-1]).digest()
        self._artefact_key = hashlib.sha256(b"klatch artefact" + raw[-1]).digest()

    def encrypt(self, plain: bytes) -> bytes:
        """Ciphertext under the first key; the same input never gives the same bytes twice."""
        nonce = os.urandom(_NONCE)
        return VERSION + self._writing_id + nonce + self._ciphers[self._writing_id].encrypt(nonce, plain, None)

    def decrypt(self, token: bytes) -> bytes:
        """The plain bytes. Raises KeyProblem when no key of the ring wrote them or they were altered."""
        from cryptography.exceptions import InvalidTag

        cipher = self._ciphers.get(bytes(token[1:_HEAD]))
        if token[:1] != VERSION or cipher is None:
            raise KeyProblem("This text was written with a key that is not in the key ring.")
        try:
            return cipher.decrypt(token[_HEAD : _HEAD + _NONCE], token[_HEAD + _NONCE :], None)
        except (InvalidTag, ValueError):
            # ValueError: cut off within the nonce.
            raise KeyProblem("This text was altered or written with another key.") from None

    def is_written_with_first_key(self, token: bytes) -> bool:
        """False for rows that a rotation still has to rewrite."""
        return bytes(token[1:_HEAD]) == self._writing_id

    def lookup_hash(self, text: str) -> str:
        """Keyed hash for equality look-ups (handles, tokens), case-folded; 32 hex digits."""
        return hmac.new(self._hash_key, text.casefold().encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:32]

    @property
    def artefact_key(self) -> bytes:
        """Key that signs learned artefacts; 32 bytes."""
        return self._artefact_key

    @property
    def fingerprint(self) -> str:
        """Names the look-up key without telling it; stored in the database so that a wrong key is noticed at the start."""
        return hashlib.sha256(b"klatch fingerprint" + self._hash_key).hexdigest()[:16]

    def __reduce__(self) -> tuple[type[KeyRing], tuple[tuple[str, ...]]]:
        # For our own other process, through a pipe; a pickled ring must never reach a file.
        return KeyRing, (self._keys,)

    def __repr__(self) -> str:
        return f"KeyRing({len(self._ciphers)} keys)"


def new_key() -> str:
    """A fresh 32-byte key in url-safe base64."""
    return base64.urlsafe_b64encode(os.urandom(KEY_BYTES)).decode()


def read_or_create_key_file(path: Path) -> list[str]:
    """Keys of a key file, one a line, first one writes; the file is made (mode 600) when it does not exist.

    Raises KeyProblem when it cannot be read or holds no key.
    """
    try:
        if not path.exists():
            _create_key_file(path)
        keys = [line.strip() for line in path.read_text().splitlines() if line.strip() and not line.startswith("#")]
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise KeyProblem(f"The key file {path} cannot be read or made: {reason}.") from None
    if not keys:
        raise KeyProblem(f"The key file {path} is empty; restore it from your backup of the key.")
    return keys


def _create_key_file(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write("# Klatch encryption key. Keep a copy apart from the database: without it nothing can be read.\n")
        file.write(new_key() + "\n")


def _decode(key: str) -> bytes:
    try:
        raw = base64.urlsafe_b64decode(key)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != KEY_BYTES:
        raise KeyProblem(
            "An encryption key must be 32 bytes in url-safe base64 (44 characters); `klatch key` makes one."
        )
    return raw


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"klatch key id" + key).digest()[:4]
