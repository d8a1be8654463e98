"""Models as bytes: signed, stamped with versions, made of plain arrays; never a pickle.

Layout: magic (8) | format (2) | length of header (4) | header, JSON | arrays, npz | HMAC-SHA256 over all before (32).
Encryption is the caller's matter: bytes in, bytes out. Format 1 is read by every version that knows format 1;
an artefact of a newer format is refused with a sentence, not guessed at.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import struct
import zipfile
from collections.abc import Mapping
from typing import Any, ClassVar, Protocol

import numpy as np

MAGIC = b"KLATCHML"
FORMAT = 1
_HEAD = struct.Struct(">8sHI")
_SEAL = hashlib.sha256().digest_size


class ModelIsUnreadable(ValueError):
    """An artefact cannot be used; the message is one plain sentence for the admins."""


class Storable(Protocol):
    """A model that can say what it is made of."""

    kind: ClassVar[str]

    def to_parts(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """(JSON-able values, arrays of numbers or text)."""


def pack(model: Storable, *, key: bytes, info: Mapping[str, Any] | None = None) -> bytes:
    """The artefact. `info` (JSON-able: version, trained when, on what) comes back from `read_info`. key: >= 16 bytes."""
    values, arrays = model.to_parts()
    header = json.dumps({"kind": model.kind, "info": dict(info or {}), "values": values}, ensure_ascii=False).encode()
    body = io.BytesIO()
    np.savez_compressed(body, **arrays)
    content = _HEAD.pack(MAGIC, FORMAT, len(header)) + header + body.getvalue()
    return content + _seal(content, key)


def unpack(blob: bytes, *, key: bytes) -> Any:
    """The model. Raises ModelIsUnreadable when it is not ours, was altered or cut, or is of a newer format."""
    header, body = _open(blob, key)
    models = _kinds()
    if header["kind"] not in models:
        raise ModelIsUnreadable(f"This model is of a kind this version does not know: {header['kind']}.")
    try:
        with np.load(io.BytesIO(body), allow_pickle=False) as arrays:
            return models[header["kind"]].from_parts(header["values"], dict(arrays))
    except (KeyError, ValueError, TypeError, OSError, zipfile.BadZipFile):
        raise ModelIsUnreadable("This model's parts do not fit together; train it again.") from None


def read_info(blob: bytes, *, key: bytes) -> dict[str, Any]:
    """The `info` given to `pack`. Raises ModelIsUnreadable as `unpack` does."""
    header, _ = _open(blob, key)
    info: dict[str, Any] = header["info"]
    return info


def _open(blob: bytes, key: bytes) -> tuple[dict[str, Any], bytes]:
    if len(blob) < _HEAD.size + _SEAL or not blob.startswith(MAGIC):
        raise ModelIsUnreadable("This file is not a Klatch model, or it was cut off.")
    _, format_, header_length = _HEAD.unpack_from(blob)
    content, seal = blob[:-_SEAL], blob[-_SEAL:]
    # The format comes first: a newer one may be sealed in another way.
    if format_ > FORMAT:
        raise ModelIsUnreadable(f"This model was written by a newer Klatch (format {format_}); update to read it.")
    if not hmac.compare_digest(_seal(content, key), seal):
        raise ModelIsUnreadable("This model was altered, cut off, or signed with another key.")
    header = content[_HEAD.size : _HEAD.size + header_length]
    return json.loads(header), content[_HEAD.size + header_length :]


def _seal(content: bytes, key: bytes) -> bytes:
    if len(key) < 16:
        raise ValueError("A signing key must have at least 16 bytes.")
    return hmac.new(key, content, hashlib.sha256).digest()


def _kinds() -> dict[str, Any]:
    # Imported when needed: a process that only packs one model does not load the others.
    from models.learning.behaviour_model import BehaviourModel
    from models.learning.recommender import TopN
    from models.learning.text import TextSpace

    return {model.kind: model for model in (BehaviourModel, TopN, TextSpace)}
