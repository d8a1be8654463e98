from __future__ import annotations

import pickle
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.encryption import KeyProblem, KeyRing, new_key, read_or_create_key_file

OLD, NEW = new_key(), new_key()
RING = KeyRing([OLD])


@given(st.binary(max_size=2_000))
def test_what_is_sealed_opens_again(plain: bytes) -> None:
    assert RING.decrypt(RING.encrypt(plain)) == plain


def test_the_same_text_never_looks_the_same() -> None:
    assert len({RING.encrypt(b"hello") for _ in range(100)}) == 100


def test_nothing_of_the_text_shows() -> None:
    assert b"a confidence" not in RING.encrypt(b"a confidence" * 50)


@given(st.data())
def test_whatever_bit_is_turned_is_noticed(data: st.DataObject) -> None:
    sealed = bytearray(RING.encrypt(b"a confidence"))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))

    with pytest.raises(KeyProblem):
        RING.decrypt(bytes(sealed))


@pytest.mark.parametrize("length", [0, 1, 4, 5, 16, 17, 32])
def test_what_was_cut_off_is_noticed(length: int) -> None:
    with pytest.raises(KeyProblem):
        RING.decrypt(RING.encrypt(b"a confidence")[:length])


def test_another_installations_key_opens_nothing() -> None:
    with pytest.raises(KeyProblem, match="not in the key ring"):
        KeyRing([NEW]).decrypt(RING.encrypt(b"a confidence"))


def test_a_new_key_in_front_writes_and_the_old_one_still_reads() -> None:
    sealed, both = RING.encrypt(b"before"), KeyRing([NEW, OLD])

    again = both.encrypt(b"after")

    assert both.decrypt(sealed) == b"before"
    assert (both.is_written_with_first_key(sealed), both.is_written_with_first_key(again)) == (False, True)
    assert KeyRing([NEW]).decrypt(again) == b"after"


def test_look_up_hashes_outlive_a_rotation() -> None:
    both = KeyRing([NEW, OLD])

    assert both.lookup_hash("mia") == RING.lookup_hash("mia")
    assert both.fingerprint == RING.fingerprint
    assert both.artefact_key == RING.artefact_key


def test_look_up_hashes_fold_case_and_depend_on_the_key() -> None:
    assert RING.lookup_hash("MiA") == RING.lookup_hash("mia") != KeyRing([NEW]).lookup_hash("mia")
    assert len(RING.lookup_hash("half \ud83d")) == 32


def test_neither_keys_nor_what_follows_from_them_show() -> None:
    shown = repr(RING) + str(RING) + RING.fingerprint + RING.lookup_hash("mia")

    assert OLD not in shown
    assert repr(RING) == "KeyRing(1 keys)"


def test_a_ring_reaches_our_own_other_process() -> None:
    assert pickle.loads(pickle.dumps(RING)).decrypt(RING.encrypt(b"hello")) == b"hello"


@pytest.mark.parametrize(
    "key",
    [
        # nothing
        "",
        # no base64
        "not a key!",
        # too short by one byte
        "a" * 40,
        # too long
        "a" * 88,
        # a letter of another alphabet
        "ä" * 44,
    ],
)
def test_a_malformed_key_is_refused_without_repeating_it(key: str) -> None:
    with pytest.raises(KeyProblem, match="32 bytes in url-safe base64") as refused:
        KeyRing([key])

    assert not key or key not in str(refused.value)


def test_a_ring_without_keys_says_where_they_are_set() -> None:
    with pytest.raises(KeyProblem, match=r"privacy\.encryption_keys or privacy\.key_file"):
        KeyRing([])


def test_a_key_file_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "klatch.key"

    first, second = read_or_create_key_file(path), read_or_create_key_file(path)

    assert first == second
    assert len(first) == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_key_file_may_hold_several_keys_and_comments(tmp_path: Path) -> None:
    path = tmp_path / "klatch.key"
    path.write_text(f"# new\n{NEW}\n\n  {OLD}  \n")

    assert read_or_create_key_file(path) == [NEW, OLD]


def test_an_empty_key_file_is_no_reason_to_make_a_new_key(tmp_path: Path) -> None:
    path = tmp_path / "klatch.key"
    path.write_text("# nothing\n")

    with pytest.raises(KeyProblem, match="is empty; restore it from your backup"):
        read_or_create_key_file(path)


def test_a_key_file_that_cannot_be_made_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(KeyProblem, match="cannot be read or made"):
        read_or_create_key_file(tmp_path / "file" / "klatch.key")


def test_a_key_file_that_is_no_text_says_so(tmp_path: Path) -> None:
    (tmp_path / "klatch.key").write_bytes(b"\xff\xfe\x00")

    with pytest.raises(KeyProblem, match="cannot be read"):
        read_or_create_key_file(tmp_path / "klatch.key")
