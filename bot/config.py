"""Configuration: one frozen tree read once from config.toml and the environment (KLATCH_SECTION__KEY).

Every key has its default here and its unit and comment in config.example.toml; a test keeps the two equal.
"""

from __future__ import annotations

import dataclasses
import os
import re
import tomllib
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from bot.texts.languages import FALLBACK, LANGUAGES


class ConfigProblem(ValueError):
    """A setting is wrong; the message is one plain sentence that names the key, the place and what is allowed."""


@dataclass(frozen=True)
class Telegram:
    """How Klatch reaches Telegram."""

    token: str = field(default="", repr=False)
    api_base_url: str = "https://api.telegram.org"
    mode: Literal["polling", "webhook"] = "polling"
    secret: str = field(default="", repr=False)


@dataclass(frozen=True)
class Web:
    """What the host shows to the world; nothing listens without an address."""

    address: str = ""
    listen_host: str = "127.0.0.1"
    listen_port: int = 8080


# Settings that stand elsewhere now.
MOVED = {
    "telegram.webhook_url": "web.address",
    "telegram.listen_host": "web.listen_host",
    "telegram.listen_port": "web.listen_port",
}


@dataclass(frozen=True)
class DatabaseSettings:
    """Where rows live."""

    url: str = "sqlite+aiosqlite:///klatch.db"


@dataclass(frozen=True)
class Jobs:
    """Who wakes up when."""

    engine: Literal["embedded"] = "embedded"
    check_every_seconds: int = 20
    training_hour: int = 4


@dataclass(frozen=True)
class Privacy:
    """Keys and retention."""

    encryption_keys: tuple[str, ...] = field(default=(), repr=False)
    key_file: str = "klatch.key"
    retention_days: int = 365
    raw_update_days: int = 7
    delivery_days: int = 90


@dataclass(frozen=True)
class DeliveryLimits:
    """Telegram's published limits; lower is allowed."""

    per_second: int = 28
    per_group_minute: int = 20
    per_chat_seconds: float = 1.0


@dataclass(frozen=True)
class DefaultChoices:
    """What holds until a community or a member chooses."""

    language: str = FALLBACK
    time_zone: str = "UTC"
    digest: Literal["never", "daily", "weekly"] = "weekly"
    digest_hour: int = 9
    quiet_hours: tuple[int, ...] = (22, 8)
    attention_budget: int = 3


@dataclass(frozen=True)
class Playground:
    """`klatch demo`."""

    port: int = 8765
    seed: int = 7


@dataclass(frozen=True)
class Config:
    """Everything an installation can set."""

    telegram: Telegram = Telegram()
    web: Web = Web()
    database: DatabaseSettings = DatabaseSettings()
    jobs: Jobs = Jobs()
    privacy: Privacy = Privacy()
    delivery: DeliveryLimits = DeliveryLimits()
    defaults: DefaultChoices = DefaultChoices()
    playground: Playground = Playground()


def load_config(path: Path | None, environment: Mapping[str, str] | None = None) -> Config:
    """The configuration in `path` (None: defaults only) with the environment's overrides.

    Raises ConfigProblem for a missing or unreadable file, broken TOML, an unknown section or key, a wrong type or value.
    """
    tree = {} if path is None else _read_file(path)
    where = "the defaults" if path is None else str(path)
    origin = {(section, key): where for section, keys in tree.items() if isinstance(keys, dict) for key in keys}
    for name, text in (os.environ if environment is None else environment).items():
        if match := re.fullmatch(r"KLATCH_([A-Z]+)__([A-Z_]+)", name):
            section, key = match[1].lower(), match[2].lower()
            tree.setdefault(section, {})[key] = _from_text(text, section, key)
            origin[section, key] = f"the environment ({name})"
    config = _build(tree, origin, where)
    _check(config, origin)
    return config


def _read_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigProblem(f"There is no configuration at {path}; copy config.example.toml there.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigProblem(f"The configuration {path} cannot be read: {error}.") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigProblem(f"The configuration {path} is not valid TOML: {error}.") from None


def _build(tree: dict[str, Any], origin: dict[tuple[str, str], str], where: str) -> Config:
    kinds = get_type_hints(Config)
    sections: dict[str, Any] = {}
    for section, keys in tree.items():
        if section not in kinds:
            raise ConfigProblem(f"[{section}] in {where} is not a section; allowed: {', '.join(kinds)}.")
        if not isinstance(keys, dict):
            raise ConfigProblem(f"{section} in {where} must be a section: write [{section}] and its keys below.")
        sections[section] = _build_section(section, kinds[section], keys, origin)
    return Config(**sections)


def _build_section(section: str, kind: Any, keys: dict[str, Any], origin: dict[tuple[str, str], str]) -> Any:
    hints = get_type_hints(kind)
    values = {}
    for key, value in keys.items():
        place = f"{section}.{key} in {origin[section, key]}"
        if new_place := MOVED.get(f"{section}.{key}"):
            raise ConfigProblem(f"{place} has moved; write it as {new_place}.")
        if key not in hints:
            raise ConfigProblem(f"{place} is not a setting; allowed in [{section}]: {', '.join(hints)}.")
        values[key] = _convert(value, hints[key], place)
    return kind(**values)


def _convert(value: Any, kind: Any, place: str) -> Any:
    """`value` as `kind`, or ConfigProblem; True is no number, a whole number may stand for a decimal one."""
    if get_origin(kind) is Literal:
        if value not in get_args(kind):
            raise ConfigProblem(f"{place} must be one of {', '.join(get_args(kind))}, not {value!r}.")
        return value
    if get_origin(kind) is tuple:
        if not isinstance(value, list | tuple):
            raise ConfigProblem(f"{place} must be a list, not {value!r}.")
        return tuple(_convert(item, get_args(kind)[0], place) for item in value)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        names = {int: "a whole number", float: "a number", str: "text in quotes", bool: "true or false"}
        raise ConfigProblem(f"{place} must be {names[kind]}, not {value!r}.")
    return value


def _from_text(text: str, section: str, key: str) -> Any:
    """An environment variable's text as the TOML value its key expects; plain text where text is expected."""
    kind = get_type_hints(get_type_hints(Config).get(section, Config)).get(key, str)
    if kind is str or (get_origin(kind) is Literal):
        return text
    if kind == tuple[str, ...] and not text.lstrip().startswith("["):
        return [part.strip() for part in text.split(",") if part.strip()]
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _check(config: Config, origin: dict[tuple[str, str], str]) -> None:
    """Values that a type cannot tell: each rule says what is allowed."""
    for section, key, is_right, bounds in _rules(config):
        if not is_right:
            place = origin.get((section, key), "the defaults")
            value = getattr(getattr(config, section), key)
            value_shown = "" if key in {"token", "secret"} else f", not {value!r}"
            raise ConfigProblem(f"{section}.{key} in {place} must be {bounds}{value_shown}.")


def _rules(config: Config) -> list[tuple[str, str, bool, str]]:
    telegram, web, defaults, delivery = config.telegram, config.web, config.defaults, config.delivery
    webhook = telegram.mode == "webhook"
    hours = defaults.quiet_hours
    return [
        (
            "telegram",
            "token",
            not telegram.token or bool(re.fullmatch(r"\d+:[\w-]{10,}", telegram.token)),
            "BotFather's token",
        ),
        ("telegram", "api_base_url", _is_url(telegram.api_base_url, {"http", "https"}), "an http(s) address"),
        (
            "web",
            "address",
            _is_url(web.address, {"https", "http"}) or not (web.address or webhook),
            "an http(s) address (which mode webhook needs)",
        ),
        (
            "telegram",
            "secret",
            not webhook or bool(re.fullmatch(r"[A-Za-z0-9_-]{16,256}", telegram.secret)),
            "16 to 256 of A-Z a-z 0-9 _ - in mode webhook",
        ),
        ("web", "listen_port", 1 <= web.listen_port <= 65535, "a port from 1 to 65535"),
        (
            "database",
            "url",
            config.database.url.startswith(("sqlite+aiosqlite:///", "postgresql+psycopg://")),
            "sqlite+aiosqlite:///FILE or postgresql+psycopg://USER@HOST/NAME",
        ),
        ("jobs", "check_every_seconds", 1 <= config.jobs.check_every_seconds <= 3600, "from 1 to 3600 seconds"),
        ("jobs", "training_hour", 0 <= config.jobs.training_hour <= 23, "an hour from 0 to 23"),
        ("privacy", "retention_days", config.privacy.retention_days >= 1, "at least 1 day"),
        ("privacy", "raw_update_days", 1 <= config.privacy.raw_update_days <= 30, "from 1 to 30 days"),
        ("privacy", "delivery_days", config.privacy.delivery_days >= 30, "at least 30 days"),
        ("delivery", "per_second", 1 <= delivery.per_second <= 30, "from 1 to 30"),
        ("delivery", "per_group_minute", 1 <= delivery.per_group_minute <= 20, "from 1 to 20"),
        ("delivery", "per_chat_seconds", 1.0 <= delivery.per_chat_seconds <= 60.0, "from 1 to 60 seconds"),
        ("defaults", "language", defaults.language in LANGUAGES, f"one of {', '.join(LANGUAGES)}"),
        ("defaults", "time_zone", _is_zone(defaults.time_zone), "a zone name such as Europe/Berlin"),
        ("defaults", "digest_hour", 0 <= defaults.digest_hour <= 23, "an hour from 0 to 23"),
        (
            "defaults",
            "quiet_hours",
            len(hours) == 2 and all(0 <= hour <= 23 for hour in hours),
            "two hours from 0 to 23",
        ),
        ("defaults", "attention_budget", 0 <= defaults.attention_budget <= 50, "from 0 to 50 messages a week"),
        ("playground", "port", 0 <= config.playground.port <= 65535, "a port from 0 (any free one) to 65535"),
    ]


def _is_url(text: str, schemes: set[str]) -> bool:
    parts = urlsplit(text)
    return parts.scheme in schemes and bool(parts.hostname)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return False
    return True


def sections(config: Config) -> dict[str, dict[str, typing.Any]]:
    """The tree as plain values, secrets included: only for comparing with the example."""
    return dataclasses.asdict(config)
