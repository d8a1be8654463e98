from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from bot.config import Config, ConfigProblem, load_config, sections

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "config.example.toml"


def _written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_example_shows_every_default() -> None:
    shown = tomllib.loads(EXAMPLE.read_text(encoding="utf-8"))

    assert shown == _plain(sections(Config()))


def _plain(tree: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {
        name: {key: list(value) if isinstance(value, tuple) else value for key, value in keys.items()}
        for name, keys in tree.items()
    }


def test_every_key_of_the_example_has_a_comment_above() -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    keys = [number for number, line in enumerate(lines) if re.match(r"[a-z_]+ = ", line)]

    # A comment may speak for two keys that follow each other.
    lonely = [lines[n] for n in keys if not lines[n - 1].startswith("#") and not lines[n - 2].startswith("#")]

    assert lonely == []


def test_the_example_is_accepted_as_it_is() -> None:
    assert load_config(EXAMPLE, {}) == Config()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        # a section that does not exist
        (
            "[telegraph]\ntoken = ''",
            r"\[telegraph\] in .*config.toml is not a section; allowed: telegram, web, database",
        ),
        # a key that does not exist
        ("[telegram]\ntokn = ''", r"telegram.tokn in .* is not a setting; allowed in \[telegram\]: token"),
        # a key outside a section
        ("token = ''", r"\[token\] in .* is not a section"),
        # a section that is not one
        ("telegram = 7", r"telegram in .* must be a section: write \[telegram\]"),
        # text where a number is wanted
        ("[defaults]\ndigest_hour = '9'", r"defaults.digest_hour in .* must be a whole number, not '9'"),
        # true is no number
        ("[defaults]\ndigest_hour = true", r"must be a whole number, not True"),
        # a number out of its range
        ("[defaults]\ndigest_hour = 24", r"must be an hour from 0 to 23, not 24"),
        # a word that is not among the allowed ones
        ("[defaults]\nlanguage = 'de'", r"defaults.language in .* must be one of en, zh, not 'de'"),
        # a zone that nobody knows
        ("[defaults]\ntime_zone = 'Europe/Kranz'", r"must be a zone name such as Europe/Berlin"),
        # a zone that tries to leave the zone folder
        ("[defaults]\ntime_zone = '../../etc/passwd'", r"must be a zone name"),
        # one quiet hour only
        ("[defaults]\nquiet_hours = [22]", r"must be two hours from 0 to 23"),
        # a list with a wrong member
        ("[privacy]\nencryption_keys = [7]", r"must be text in quotes, not 7"),
        # a database that SQLAlchemy would take but we do not serve
        ("[database]\nurl = 'mysql://x'", r"must be sqlite\+aiosqlite:///FILE or postgresql\+psycopg"),
        # a webhook without its address
        (
            "[telegram]\nmode = 'webhook'",
            r"web.address in .* must be an http\(s\) address \(which mode webhook needs\)",
        ),
        # an address without its scheme
        ("[web]\naddress = 'klatch.example.org'", r"web.address in .* must be an http\(s\) address"),
        # a port that does not exist
        ("[web]\nlisten_port = 0", r"web.listen_port in .* must be a port from 1 to 65535, not 0"),
        # settings that stood elsewhere
        (
            "[telegram]\nwebhook_url = 'https://a.example'",
            r"telegram.webhook_url in .* has moved; write it as web.address\.",
        ),
        ("[telegram]\nlisten_port = 80", r"telegram.listen_port in .* has moved; write it as web.listen_port\."),
        # a webhook with a secret that Telegram refuses
        (
            "[web]\naddress = 'https://a.example'\n[telegram]\nmode = 'webhook'\nsecret = 'with a space in it'",
            r"telegram.secret in .* must be 16 to 256",
        ),
        # a token with a piece missing: never repeated in the message
        ("[telegram]\ntoken = '123456'", r"telegram.token in .* must be BotFather's token\.$"),
        # faster than Telegram allows
        ("[delivery]\nper_second = 31", r"must be from 1 to 30, not 31"),
        # no TOML at all
        ("[telegram\n", r"is not valid TOML"),
    ],
)
def test_a_wrong_setting_says_which_where_and_what_is_allowed(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigProblem, match=told):
        load_config(_written(tmp_path, text), {})


def test_a_missing_file_says_what_to_copy(tmp_path: Path) -> None:
    with pytest.raises(ConfigProblem, match=r"copy config\.example\.toml"):
        load_config(tmp_path / "nowhere.toml", {})


@pytest.mark.parametrize(
    ("name", "text", "section", "key", "value"),
    [
        # plain text
        ("KLATCH_TELEGRAM__TOKEN", "1234567:abcdefghij", "telegram", "token", "1234567:abcdefghij"),
        # a number
        ("KLATCH_PLAYGROUND__PORT", "9000", "playground", "port", 9000),
        # a whole number where a decimal one is wanted
        ("KLATCH_DELIVERY__PER_CHAT_SECONDS", "2", "delivery", "per_chat_seconds", 2.0),
        # a list as TOML
        ("KLATCH_DEFAULTS__QUIET_HOURS", "[23, 7]", "defaults", "quiet_hours", (23, 7)),
        # a list of keys with commas, as shells like it
        ("KLATCH_PRIVACY__ENCRYPTION_KEYS", "a, b", "privacy", "encryption_keys", ("a", "b")),
    ],
)
def test_the_environment_wins_over_the_file(name: str, text: str, section: str, key: str, value: object) -> None:
    config = load_config(EXAMPLE, {name: text})

    assert getattr(getattr(config, section), key) == value


def test_a_wrong_environment_variable_is_named() -> None:
    with pytest.raises(
        ConfigProblem, match=r"playground\.port in the environment \(KLATCH_PLAYGROUND__PORT\) must be a whole"
    ):
        load_config(None, {"KLATCH_PLAYGROUND__PORT": "often"})


def test_other_environment_variables_are_left_alone() -> None:
    assert load_config(None, {"KLATCH_TEST_POSTGRES": "x", "KLATCHX_A__B": "y", "HOME": "z"}) == Config()


def test_secrets_do_not_show_in_a_repr() -> None:
    config = load_config(
        None, {"KLATCH_TELEGRAM__TOKEN": "1234567:abcdefghij", "KLATCH_PRIVACY__ENCRYPTION_KEYS": "kkk"}
    )

    assert "abcdefghij" not in repr(config)
    assert "kkk" not in repr(config)
