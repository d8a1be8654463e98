import json
import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.learning.behaviour_model import BehaviourModel, fit
from models.learning.fitting import Examples
from models.learning.recommender import TopN
from models.learning.store import FORMAT, ModelIsUnreadable, pack, read_info, unpack
from models.learning.text import TextSpace

KEY = b"a key of this installation"


def _examples(n: int = 2000) -> Examples:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(n, 3))
    happened = rng.random(n) < 1 / (1 + np.exp(-(x[:, 0] + x[:, 1] ** 2 - 1)))
    at = np.repeat(np.arange(n // 20), 20).astype(float)
    return Examples(x, happened, at, at.astype(np.int64), np.arange(n) % 20, np.ones(n), ("one", "two", "three"))


@pytest.fixture(scope="module")
def model() -> BehaviourModel:
    return fit(_examples(), fallback_columns=("one",))


def test_a_behaviour_model_predicts_the_same_after_a_round_trip(model):
    x = _examples().x

    again = unpack(pack(model, key=KEY), key=KEY)

    assert np.array_equal(again.predict(x), model.predict(x))
    assert again.contributions(x[0]) == model.contributions(x[0])
    assert again.report == json.loads(json.dumps(model.report))


def test_a_top_n_recommends_the_same_after_a_round_trip():
    rng = np.random.default_rng(1)
    model = TopN.fit(rng.integers(0, 30, 200), rng.integers(0, 20, 200), n_members=31, n_items=20, n_factors=5)

    again = unpack(pack(model, key=KEY), key=KEY)

    assert np.array_equal(again.recommend(np.arange(31), 5), model.recommend(np.arange(31), 5))


def test_a_text_space_reads_the_same_after_a_round_trip():
    texts = ["customs papers for the warehouse", "清关和仓库", "warehouse 仓库 papers", "清关 papers"]
    space = TextSpace.fit(texts)

    again = unpack(pack(space, key=KEY), key=KEY)

    assert np.array_equal(again.similarity(texts, texts), space.similarity(texts, texts))


def test_the_info_given_comes_back(model):
    assert read_info(pack(model, key=KEY, info={"version": "0.1.0"}), key=KEY) == {"version": "0.1.0"}


@pytest.fixture(scope="module")
def blob(model) -> bytes:
    return pack(model, key=KEY)


@settings(max_examples=60)
@given(data=st.data())
def test_any_single_altered_byte_is_noticed(blob, data):
    place = data.draw(st.integers(0, len(blob) - 1))
    altered = blob[:place] + bytes([blob[place] ^ data.draw(st.integers(1, 255))]) + blob[place + 1 :]

    with pytest.raises(ModelIsUnreadable):
        unpack(altered, key=KEY)


@settings(max_examples=40)
@given(data=st.data())
def test_any_truncation_is_noticed(blob, data):
    with pytest.raises(ModelIsUnreadable):
        unpack(blob[: data.draw(st.integers(0, len(blob) - 1))], key=KEY)


@given(st.binary(max_size=300))
def test_foreign_bytes_are_refused(foreign):
    with pytest.raises(ModelIsUnreadable):
        unpack(foreign, key=KEY)


def test_another_installations_key_is_refused(blob):
    with pytest.raises(ModelIsUnreadable, match="another key"):
        unpack(blob, key=b"the key of somebody else")


def test_a_newer_format_is_refused_with_advice(blob):
    newer = blob[:8] + struct.pack(">H", FORMAT + 1) + blob[10:]

    with pytest.raises(ModelIsUnreadable, match="newer Klatch"):
        unpack(newer, key=KEY)


def test_a_kind_this_version_does_not_know_is_refused(model):
    class Stranger:
        kind = "oracle"

        def to_parts(self):
            return model.to_parts()

    with pytest.raises(ModelIsUnreadable, match="oracle"):
        unpack(pack(Stranger(), key=KEY), key=KEY)


def test_arrays_of_objects_are_never_loaded():
    class Trojan:
        kind = "text_space"

        def to_parts(self):
            return {"words": [], "mean_length": 1.0}, {
                "rarity": np.array([{"a": 1}], dtype=object),
                "directions": np.zeros((0, 0)),
            }

    with pytest.raises(ModelIsUnreadable):
        unpack(pack(Trojan(), key=KEY), key=KEY)


def test_a_key_that_is_too_short_is_refused(model):
    with pytest.raises(ValueError, match="16 bytes"):
        pack(model, key=b"short")
