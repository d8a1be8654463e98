"""Guards that look after themselves: what is added later is checked without being listed here."""

from __future__ import annotations

import ast
import dataclasses
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from string import Formatter
from typing import Any, get_type_hints

import grimp
import pytest
from telegram.ext import CommandHandler

from bot import callbacks
from bot.__main__ import _commands
from bot.app import build_application, build_bot
from bot.callback_data import ButtonIsForeign, words_of
from bot.commands.command import build_parser
from bot.config import Telegram
from bot.handlers.dialogues import GO_ON
from bot.handlers.push_controls import SECTIONS as WHY_SECTIONS
from bot.handlers.start import RESUME
from bot.menu import ADMINS, GROUP, PRIVATE, SCOPES
from bot.messages.event_management import FIELDS, SKIPPABLE
from bot.messages.reasons import FEATURES
from bot.playground.server.markup import parse_html
from bot.texts.languages import LANGUAGES
from bot.texts.render import FORMS, fold
from models.domain.digests.items import REASONS
from models.domain.events import events
from models.domain.sending.policies import POLICIES, PROACTIVE
from models.learning import recommender
from models.learning.features import FEATURE_NAMES
from models.tables.base import Base, Word
from models.tables.delivery import DeliveryKind, Failure
from models.tables.event import Event
from models.tables.member import DialogueAction, LinkAction
from models.tables.recommendation import Source

ROOT = Path(__file__).parents[1]
SOURCES = sorted(path for room in ("bot", "jobs", "models") for path in (ROOT / room).rglob("*.py"))
BUTTONS = [one for one in vars(callbacks).values() if isinstance(one, type) and dataclasses.is_dataclass(one)]


def _flat(tree: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in tree.items():
        key = f"{prefix}{name}"
        if isinstance(value, dict):
            yield from _flat(value, f"{key}.")
        else:
            yield key, value


def _sentences(language: str) -> dict[str, str]:
    return dict(_flat(tomllib.loads((ROOT / f"bot/texts/{language}.toml").read_text(encoding="utf-8"))))


SENTENCES = {language: _sentences(language) for language in LANGUAGES}
KEYS = {fold(key) for key in SENTENCES["en"]}


def _placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_sentence(language: str) -> None:
    keys, file = {fold(key) for key in SENTENCES[language]}, f"bot/texts/{language}.toml"

    assert KEYS - keys == set(), f"{file} lacks sentences that en.toml has"
    assert keys - KEYS == set(), f"{file} has sentences that en.toml lacks"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_that_counts_has_the_forms_of_its_language(language: str) -> None:
    """So that a new language is told which forms it lacks, and none stands there that no count chooses."""
    locale = LANGUAGES[language].locale
    needed = {locale.plural_form(n) for n in range(200)}
    forms: dict[str, set[str]] = {}
    for key in SENTENCES[language]:
        stem, _, last = key.rpartition(".")
        if FORMS.fullmatch(last):
            forms.setdefault(stem, set()).add(last)

    # "=2" is for two alone, in any language.
    told = {key: {form for form in of if not form.startswith("=")} for key, of in forms.items()}

    odd = {key: sorted(of) for key, of in told.items() if not {"other"} <= of <= needed}
    assert odd == {}, f"{language} has the forms {sorted(needed)}"


def test_a_language_is_one_entry_one_texts_file_and_a_locale() -> None:
    files = sorted(path.stem for path in (ROOT / "bot" / "texts").glob("*.toml"))
    assert files == sorted(LANGUAGES), "bot/texts/*.toml and LANGUAGES of bot/texts/languages.py"
    assert all(one.code == code and one.own_name for code, one in LANGUAGES.items())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_takes_the_same_values_in_every_language(language: str) -> None:
    def values(of: dict[str, str]) -> dict[str, set[str]]:
        # A count that chooses the plural need not be told in each form.
        taken: dict[str, set[str]] = {}
        for key, sentence in of.items():
            taken.setdefault(fold(key), set()).update(_placeholders(sentence) - {"n"})
        return taken

    assert values(SENTENCES[language]) == values(SENTENCES["en"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_markup_that_telegram_takes(language: str) -> None:
    for key, sentence in SENTENCES[language].items():
        shown = Formatter().vformat(sentence, (), dict.fromkeys(_placeholders(sentence), "7"))
        text, _ = parse_html(shown)
        assert text.strip(), key


def _constants() -> Iterator[str]:
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


SECTIONS = {key.split(".")[0] for key in KEYS}
# Parts of f-strings count as beginnings of keys, or of what stands between two values.
SAID = {text for text in _constants() if re.fullmatch(rf"({'|'.join(SECTIONS)})\.[a-z_.]*", text)}


def test_every_sentence_that_code_asks_for_exists() -> None:
    parts = {".".join(key.split(".")[:n]) for key in KEYS for n in range(1, key.count(".") + 2)}

    unknown = {text for text in SAID if text.rstrip(".") not in parts and not any(key.startswith(text) for key in KEYS)}

    lacking = {text for text in unknown if not re.search(r"\.(py|toml|md|html|js|css|json|db|key|ics)$", text)}
    assert lacking == set(), "code asks for sentences that bot/texts/en.toml lacks"


def test_no_sentence_is_left_that_nobody_says() -> None:
    beginnings = tuple(text for text in SAID if text.endswith((".", "_")))
    # f"{section}.data.{name}": only the middle is written in the code.
    middles = {text for text in _constants() if re.fullmatch(r"\.[a-z_.]+\.", text)}

    silent = {key for key in KEYS if key not in SAID and not key.startswith(beginnings)}

    unsaid = {key for key in silent if not any(middle in key for middle in middles)}
    assert unsaid == set(), "no code says these sentences: say them or take them out of bot/texts"


def _with_largest_values(button: type) -> Any:
    kinds = get_type_hints(button)
    kinds.pop("name")
    # Row ids have at most 18 digits; pages, stars and yes or no are small.
    return button(**{name: _largest(name, kind) for name, kind in kinds.items()})


def _largest(name: str, kind: Any) -> Any:
    if kind is int:
        return 10**18 - 1 if name.endswith("_id") else 99
    return max(words_of(kind), key=len, default="x" * 20)


@pytest.mark.parametrize("button", BUTTONS, ids=lambda one: one.__name__)
def test_a_button_fits_its_64_bytes_and_is_read_as_it_was_written(button: Any) -> None:
    written = _with_largest_values(button)

    assert len(written.pack().encode()) <= 64
    assert button.pattern().match(written.pack())
    assert button.unpack(written.pack()) == written


@pytest.mark.parametrize("button", BUTTONS, ids=lambda one: one.__name__)
def test_exactly_one_kind_of_button_reads_a_buttons_data(button: Any) -> None:
    data = _with_largest_values(button).pack()

    assert [one for one in BUTTONS if one.pattern().match(data)] == [button]


@pytest.mark.parametrize(
    "data", ["", "1", "1:rsvp:x:going", "2:rsvp:1:going", "1:rsvp:1", "1:rsvp:" + "9" * 19 + ":going"]
)
def test_what_no_button_wrote_is_matched_by_none_and_read_by_none(data: str) -> None:
    assert [one for one in BUTTONS if one.pattern().match(data)] == []
    for button in BUTTONS:
        with pytest.raises(ButtonIsForeign):
            button.unpack(data)


# Columns whose values are a closed list, by name, and all their words.
WORDS: dict[str, set[str]] = {}
for column in (column for table in Base.metadata.sorted_tables for column in table.columns):
    if isinstance(column.type, Word):
        WORDS.setdefault(column.name, set()).update(map(str, column.type.words))


# This one holds Telegram's words besides ours.
WORDS["failure"] = set(map(str, Failure))


def _words_of(side: ast.Attribute) -> set[str]:
    """The words of such a column; `thread.kind` is that of the table of this name."""
    if side.attr == "failure":
        return WORDS["failure"]
    table = Base.metadata.tables.get(ast.unparse(side.value).lower())
    if table is None or side.attr not in table.c:
        return WORDS.get(side.attr, set())
    kind = table.c[side.attr].type
    return set(map(str, kind.words)) if isinstance(kind, Word) else set()


def _bare_words(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Texts that stand where a word of a closed list belongs: compared with such a column, given to it, looked for in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
        elif isinstance(node, ast.Assign):
            sides = [*node.targets, node.value]
        elif (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("in_", "not_in")
        ):
            sides = [node.func.value, *node.args]
        elif isinstance(node, ast.keyword):
            sides = [ast.Attribute(node.value, node.arg or ""), node.value]
        else:
            continue
        words = set().union(*(_words_of(side) for side in sides if isinstance(side, ast.Attribute)))
        for side in sides:
            for part in side.elts if isinstance(side, ast.Tuple | ast.List | ast.Set) else [side]:
                if isinstance(part, ast.Constant) and part.value in words:
                    yield node.lineno, part.value


# The local Telegram has words of its own.
OURS = [path for path in SOURCES if "playground" not in path.parts]


@pytest.mark.parametrize("source", OURS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_word_of_a_closed_list_is_written_as_its_member(source: Path) -> None:
    tree = ast.parse(source.read_text(encoding="utf-8"))

    assert [f"line {line}: {word!r}" for line, word in _bare_words(tree)] == []


def _registered() -> set[str]:
    application = build_application(build_bot(Telegram(token="7000000001:TEST-token")))
    handlers = [handler for group in application.handlers.values() for handler in group]
    return {name for handler in handlers if isinstance(handler, CommandHandler) for name in handler.commands}


# What /help shows where a menu is shown.
HELP_OF = [(PRIVATE, ["help.private"]), (GROUP, ["help.group"]), (ADMINS, ["help.group", "help.admins"])]


def test_every_command_of_the_menus_is_heard_and_every_command_is_told_somewhere() -> None:
    in_menus = {name for names in SCOPES.values() for name in names}
    in_sentences = {name for sentence in SENTENCES["en"].values() for name in re.findall(r"/([a-z]+)\b", sentence)}

    assert in_menus - _registered() == set(), "in bot/menu.py, but no CommandHandler in bot/app.py"
    # /start is Telegram's own button.
    untold = _registered() - {"start"} - in_menus - in_sentences
    assert untold == set(), "registered in bot/app.py, but neither in bot/menu.py nor in any sentence"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("names", "keys"), HELP_OF, ids=["private", "group", "admins"])
def test_help_tells_of_every_command_of_its_menu(names: Sequence[str], keys: Sequence[str], language: str) -> None:
    said = "\n".join(SENTENCES[language][key] for key in keys)

    untold = set(names) - {"help"} - set(re.findall(r"/([a-z]+)\b", said))
    assert untold == set(), f"in bot/menu.py, but not in {' + '.join(keys)} of bot/texts/{language}.toml"


def test_every_command_that_a_sentence_names_is_heard() -> None:
    named = {
        name
        for sentences in SENTENCES.values()
        for sentence in sentences.values()
        for name in re.findall(r"(?<![\w/<:.])/([a-z]+)\b", sentence)
    }

    assert named - _registered() == set()


def test_the_readme_tells_only_of_commands_that_exist() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    commands = {command.name for command in _commands()}

    assert (
        set(re.findall(r"(?:klatch|-m bot) ([a-z][a-z-]+)\b(?=[ `\n])", text)) - commands - {"with", "itself"} == set()
    )
    assert set(re.findall(r"(?:`|^)make ([a-z]+)", text, re.MULTILINE)) - targets == set()
    botfathers = {"newbot", "setprivacy", "setprivacypolicy"}
    assert set(re.findall(r"`/([a-z]+)\b", text)) - botfathers - _registered() == set()


@pytest.mark.parametrize("command", [command.name for command in _commands()])
def test_every_command_line_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        build_parser(_commands(), [command]).parse_args([command, "--help"])

    assert ended.value.code == 0
    assert "usage: klatch" in capsys.readouterr().out


def test_every_test_folder_is_a_package() -> None:
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py")}

    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []


# Written in pieces, so that this file is not what it looks for.
FORBIDDEN = {
    "a bot's token": r"[0-9]{8,10}:AA[A-Za-z0-9_-]{33}",
    "a private key": "BEGIN [A-Z ]*PRIVATE " + "KEY",
    "a path of one machine": "(^|[^A-Za-z.])/(ho" + "me|root|work|Users)/[a-z]",
    "a package index": "--(extra-)?ind" + "ex-url|--find-" + "links|py" + r"pi\.org|py" + "pi-proxy",
}


def _files() -> list[Path]:
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("no git checkout: which files belong to the repository is not known")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return [ROOT / name for name in listed.split("\0") if name]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_names(what: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in _files()
        if path.suffix not in {".png", ".ico"} and path.name != "run" and path.is_file()
        for match in re.finditer(FORBIDDEN[what], path.read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
    ]

    assert found == []


STARTED = """
import asyncio, sys, dataclasses
from bot.__main__ import _make_runner, _services
from bot.app import build_bot
from bot.config import load_config
from bot.host import Host
from bot.opening import open_database

async def main():
    config = load_config(None)
    database = await open_database(config)
    _make_runner(Host(_services(config, database), build_bot(config.telegram)))
    await database.close()

asyncio.run(main())
print("\\n".join(sys.modules))
"""
# Heavy rooms that a host may need later, or never: each costs a start time or memory.
LAZY = (
    "numpy",
    "scipy",
    "sklearn",
    "skops",
    "models.learning",
    "alembic",
    "icalendar",
    "matplotlib",
    "PIL",
    "bot.charts",
    "ijson",
    "tqdm",
    "rapidfuzz",
    "lunar_python",
    "dateutil.easter",
    "bot.playground",
)


def test_a_host_that_starts_holds_nothing_that_it_does_not_need_yet(tmp_path: Path, migrated_file: Path) -> None:
    shutil.copy(migrated_file, tmp_path / "klatch.db")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KLATCH_")} | {
        "KLATCH_TELEGRAM__TOKEN": "7000000001:TEST-token",
        "KLATCH_DATABASE__URL": f"sqlite+aiosqlite:///{tmp_path / 'klatch.db'}",
        "KLATCH_PRIVACY__ENCRYPTION_KEYS": "a2xhdGNoIHRlc3RzIHVzZSB0aGlzIGtleSBvbmx5ISE=",
        "PYTHONPATH": str(ROOT),
    }

    ended = subprocess.run(
        [sys.executable, "-c", STARTED], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )

    loaded = set(ended.stdout.splitlines())
    assert "bot.host" in loaded
    assert [name for name in LAZY if name in loaded] == []


ROOMS = [ROOT / "models" / "reading", *sorted(path for path in (ROOT / "models" / "domain").iterdir() if path.is_dir())]


@pytest.mark.parametrize("room", [room for room in ROOMS if room.name != "__pycache__"], ids=lambda room: room.name)
def test_a_room_has_a_door_plate_that_names_what_is_there(room: Path) -> None:
    plate = (room / "README.md").read_text(encoding="utf-8")
    modules = {path.stem: path.read_text(encoding="utf-8") for path in room.glob("*.py")}

    named = re.findall(r"`([a-z_]+)(?:\.([A-Za-z_]+)(?:\(\))?)?`", plate.split("**Ask here.**")[1])
    data = {f"{path.stem}.{path.suffix[1:]}" for path in room.iterdir() if path.suffix in (".json", ".toml")}
    named = [one for one in named if ".".join(one) not in data]

    assert named
    assert [module for module, _ in named if module not in modules] == []
    assert [
        f"{module}.{name}"
        for module, name in named
        if name not in ("", "py")
        and not re.search(rf"^(async def|def|class) {name}\b|^{name}\b", modules[module], re.MULTILINE)
    ] == []


DOMAIN = "models.domain."


@pytest.fixture(scope="module")
def imports() -> list[tuple[str, str]]:
    """Who imports whom, module by module, by whatever kind of import."""
    graph = grimp.build_graph("bot", "jobs", "models", cache_dir=None)
    return [(one, other) for one in graph.modules for other in graph.find_modules_directly_imported_by(one)]


def _room(module: str) -> str:
    """The folder (or file) of models/domain that a module stands in; for those of other places, themselves."""
    return module.removeprefix(DOMAIN).split(".")[0] if module.startswith(DOMAIN) else module


@pytest.mark.parametrize("room", [room for room in ROOMS[1:] if room.name != "__pycache__"], ids=lambda room: room.name)
def test_a_door_plate_names_exactly_what_others_ask_there(room: Path, imports: list[tuple[str, str]]) -> None:
    """What only a room uses stays in it, and what others use stands on its door."""
    plate = (room / "README.md").read_text(encoding="utf-8").split("**Ask here.**")[1].split("**Inside.**")[0]
    on_the_door = set(re.findall(r"`([a-z_]+)(?:\.[A-Za-z_]+(?:\(\))?)?`", plate))
    asked = {other.split(".")[3] for one, other in imports if _room(other) == room.name != _room(one)}

    assert asked - on_the_door == set(), (
        "imported from outside: name it under *Ask here*, or ask what stands there already"
    )
    assert on_the_door - asked == set(), "nobody outside imports it: it belongs under *Inside*"


def test_the_plan_of_the_rules_counts_its_rooms_and_arrows(imports: list[tuple[str, str]]) -> None:
    """That none runs back is the linter's to say; that there are few is said by a number."""
    rooms = {_room(one) for one, _ in imports if one.startswith(DOMAIN)}
    arrows = {
        (_room(one), _room(other)) for one, other in imports if one.startswith(DOMAIN) and other.startswith(DOMAIN)
    }
    n_arrows = sum(one != other for one, other in arrows)
    plan = (ROOT / "models" / "domain" / "README.md").read_text(encoding="utf-8")

    assert f"{len(rooms)} rooms, {n_arrows} arrows" in " ".join(plan.split()), "mend models/domain/README.md"


CLOCKS = ("models/domain/member_time.py", "models/tables/member.py")
CHOICES = {"quiet_from_hour", "quiet_until_hour", "quiet_hours"}


def test_the_fallbacks_of_a_members_clock_stand_in_one_place() -> None:
    """Whose zone holds, when it is quiet and at which hour digests leave: ask models/domain/member_time.py."""
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in OURS
        if str(path.relative_to(ROOT)) not in CLOCKS
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.IfExp | ast.BoolOp | ast.Call) and _falls_back(node)
    ]

    assert found == []


def _falls_back(node: ast.IfExp | ast.BoolOp | ast.Call) -> bool:
    """A choice of a member's beside its default, or several zones of which the first that is one holds."""
    if isinstance(node, ast.Call):
        names = [ast.unparse(one) for one in node.args]
        return ast.unparse(node.func).endswith("zone_of") and sum(one.endswith(".time_zone") for one in names) > 1
    return any(
        isinstance(part, ast.Attribute)
        and part.attr in {*CHOICES, "digest_hour"}
        and "member" in ast.unparse(part.value)
        for part in ast.walk(node)
    )


def test_the_readme_tells_of_every_command() -> None:
    table = (ROOT / "README.md").read_text(encoding="utf-8").split("## What people see")[1].split("**Events.**")[0]

    untold = {name for names in SCOPES.values() for name in names} - set(re.findall(r"/([a-z]+)\b", table))
    assert untold == set(), "in bot/menu.py, but not in the table of README.md, *What people see*"


def test_every_kind_of_delivery_has_a_policy() -> None:
    queued = {
        node.args[1].value
        for path in OURS
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "deliveries.queue" and len(node.args) > 1
        if isinstance(node.args[1], ast.Constant)
    }

    assert queued == set(), "deliveries.queue() takes a DeliveryKind, not its text"
    assert set(DeliveryKind) - POLICIES.keys() == set(), "say in POLICIES of models/domain/sending/policies.py"


def test_every_kind_of_delivery_is_sent_by_somebody() -> None:
    named = {
        node.attr
        for path in OURS
        if path.name not in ("policies.py", "delivery.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "DeliveryKind"
    }

    assert {kind.name for kind in DeliveryKind} - named == set(), "no code queues these kinds"


def test_every_deep_link_and_every_question_in_private_is_gone_on_with_by_somebody() -> None:
    assert set(LinkAction) ^ RESUME.keys() == set(), "RESUME of bot/handlers/start.py"
    assert set(DialogueAction) ^ GO_ON.keys() == set(), "GO_ON of bot/handlers/dialogues.py"


def test_every_push_can_say_why() -> None:
    """/why and the button under it read the reasons of its Recommendation rows in its section of the texts."""
    assert set(PROACTIVE) ^ set(WHY_SECTIONS) == set(), (
        "PROACTIVE by POLICIES and SECTIONS of bot/handlers/push_controls.py"
    )
    assert {one for one in WHY_SECTIONS.values() if not any(key.startswith(f"{one}.reason.") for key in KEYS)} == set()
    assert set(WHY_SECTIONS.values()) <= set(FEATURES), "add it to FEATURES of bot/messages/reasons.py"


def test_a_job_that_is_asked_for_is_one_of_the_list() -> None:
    calls = [
        (path.relative_to(ROOT), ast.unparse(node.args[1]))
        for path in OURS
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "timetable.defer"
    ]

    assert len(calls) > 3
    assert [one for one in calls if not one[1].startswith("JobName.") and one[1] != "name"] == []


def test_every_field_of_an_event_that_hosts_edit_is_kept_and_has_its_sentences() -> None:
    # "When?" asks for the start and the end together.
    columns = set(FIELDS) - {"when"}
    assert columns - events.CHANGEABLE == set(), "SAID_BY_HOST of models/domain/events/series.py lacks these"
    assert events.CHANGEABLE - set(Event.__table__.c.keys()) == set(), "models/tables/event.py has no such columns"

    asked = {f"events.{part}.{field}" for part in ("field", "ask") for field in FIELDS}
    skipped = {f"events.skip_{field}" for field in SKIPPABLE}
    assert (asked | skipped) - KEYS == set(), "bot/texts lack these, for FIELDS and SKIPPABLE of event_management.py"


def test_every_source_of_recommendations_is_a_feature() -> None:
    assert set(recommender.SOURCES.values()) - set(FEATURE_NAMES) == set(), (
        "no such column in models/learning/features.py"
    )
    assert recommender.SOURCES.keys() - set(Source) == set(), "Source of models/tables/recommendation.py lacks these"


@pytest.mark.parametrize("part", ["reason", "data"])
def test_every_reason_of_a_digest_is_worded_and_says_from_what_it_is_taken(part: str) -> None:
    worded = {key.split(".")[2] for key in KEYS if key.startswith(f"digests.{part}.")}

    assert worded ^ set(REASONS) == set(), f"REASONS of models/domain/digests/items.py and [digests] {part}.* differ"


def test_the_places_that_the_guide_names_are_there() -> None:
    """tests/README.md, *To add*: its files, the names in them, and the tests that tell when one was forgotten."""
    guide = (ROOT / "tests" / "README.md").read_text(encoding="utf-8").split("## To add")[1]
    written = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    paths = re.findall(r"`([a-z_]+/[a-z_/]*(?:\.[a-z]+)?)`", guide)
    found = re.findall(r"`([A-Z_]{4,}|[A-Z][a-z]+[A-Z]\w+|[a-z_]+\(\))` (?:in|of)\s+`([a-z_/.]+)`", guide)
    names = [(name.removesuffix("()"), file) for name, file in found]

    assert len(paths) > 20
    assert len(names) > 15
    assert [one for one in paths if not (ROOT / one).exists()] == []
    assert [one for one in re.findall(r"`(test_\w+)`", guide) if f"def {one}(" not in written] == []
    assert [
        f"{file}: {name}" for name, file in names if not re.search(rf"\b{name}\b", (ROOT / file).read_text("utf-8"))
    ] == []


def test_every_link_of_a_readme_leads_somewhere() -> None:
    links = [
        (path, link)
        for path in _files()
        if path.suffix == ".md"
        for link in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
        if "://" not in link
    ]

    assert len(links) > 20
    assert [f"{path.relative_to(ROOT)}: {link}" for path, link in links if not (path.parent / link).exists()] == []


def test_every_module_that_code_or_a_comment_names_by_its_file_is_there() -> None:
    rooms = ("bot", "jobs", "models", "migrations", "tests")
    files = [f"/{path.relative_to(ROOT)}" for room in rooms for path in (ROOT / room).rglob("*.py")]
    named = {
        (str(path.relative_to(ROOT)), name)
        for path in SOURCES
        for name in re.findall(r"(?<![\w/.{-])((?:[a-z_0-9]+/)*[a-z_0-9]+\.py)\b", path.read_text(encoding="utf-8"))
    }

    assert len(named) > 30
    assert sorted(one for one in named if not any(file.endswith(f"/{one[1]}") for file in files)) == []


def test_a_key_against_saying_twice_is_never_searched() -> None:
    """What a delivery is about stands in columns with an index: see models/domain/sending/about.py."""
    searched = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if _searches_keys(node, is_its_own=path.name == "deliveries.py")
    ]

    assert searched == []


def _searches_keys(node: ast.AST, *, is_its_own: bool) -> bool:
    """A comparison with once_key, or a method of it that asks for more than whether there is one."""
    if isinstance(node, ast.Compare):
        return not is_its_own and any(_is_key(side) for side in (node.left, *node.comparators))
    is_method = isinstance(node, ast.Attribute) and _is_key(node.value)
    return is_method and node.attr not in {"is_", "is_not", *(["in_"] if is_its_own else [])}


def _is_key(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "once_key" and ast.unparse(node.value) == "Delivery"


# Lists that cannot grow with a community, though the code does not show it.
BOUNDED: dict[tuple[str, str], str] = {
    ("models/domain/events/hosts.py", "rights.administered_by(member_id)"): "a subquery",
    ("models/domain/members/consent.py", "recording_decliners(community_id)"): "a subquery",
    ("models/domain/members/learners.py", "recording_decliners(bindparam('community'))"): "a subquery",
}


def test_no_statement_has_a_parameter_for_each_member_message_or_event() -> None:
    """A statement takes 65,535 parameters: use is_one_of() of models/database.py, a subquery, or say here why not."""
    found = {
        (str(path.relative_to(ROOT)), ast.unparse(call.args[0])): f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in SOURCES
        for call, function in _lists_of_values(ast.parse(path.read_text(encoding="utf-8")))
        if not _is_bounded(call.args[0], function)
    }

    assert sorted(place for what, place in found.items() if what not in BOUNDED) == []
    assert BOUNDED.keys() - found.keys() == set()


def _lists_of_values(node: ast.AST, function: ast.AST | None = None) -> Iterator[tuple[ast.Call, ast.AST]]:
    """Every x.in_(...) and x.not_in(...), with the innermost function around it."""
    home = node if function is None or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else function
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"in_", "not_in"}:
        yield node, home
    for child in ast.iter_child_nodes(node):
        yield from _lists_of_values(child, home)


def _is_bounded(values: ast.expr, function: ast.AST) -> bool:
    """Written out, a constant of a module, or a subquery."""
    if isinstance(values, ast.Tuple | ast.List | ast.Set):
        return True
    if isinstance(values, ast.Name | ast.Attribute):
        name = values.id if isinstance(values, ast.Name) else values.attr
        return name.isupper() or (isinstance(values, ast.Name) and _is_subquery_named(name, function))
    return _is_select(values)


def _is_subquery_named(name: str, function: ast.AST) -> bool:
    given = [
        node.value
        for node in ast.walk(function)
        if isinstance(node, ast.Assign) and any(isinstance(to, ast.Name) and to.id == name for to in node.targets)
    ]
    return bool(given) and all(_is_select(value) for value in given)


def _is_select(value: ast.expr) -> bool:
    while isinstance(value, ast.Call | ast.Attribute):
        value = value.func if isinstance(value, ast.Call) else value.value
    return isinstance(value, ast.Name) and value.id == "select"


# A name says what it holds; a participle only what was done to it.
PARTICIPLES = {
    "begun", "bought", "broken", "brought", "built", "caught", "chosen", "come", "done", "drawn", "driven", "fallen", "felt",
    "forgotten", "found", "given", "gone", "got", "grown", "heard", "held", "hidden", "kept", "known", "left", "lost", "made",
    "meant", "met", "mine", "overdue", "paid", "read", "said", "seen", "sent", "shown", "split", "spoken", "taken", "thought",
    "told", "understood", "woken", "won", "written",
}  # fmt: skip
NO_PARTICIPLES = {"feed", "need", "seed", "speed", "deed", "bed"}
# Where such a word is the right one.
RIGHT_PARTICIPLES = {
    ("bot/charts/event_answers.py", "left"): "a side",
    ("models/learning/predictors.py", "left"): "a side",
    ("models/learning/recommender.py", "taken"): "it stands so in stored models",
    ("bot/importing/source.py", "read"): "what a file is asked",
    **{
        ("bot/delivery/outcomes.py", one): "what happened, as an error is named"
        for one in ("Arrived", "Migrated", "Refused", "Unexpected")
    },
    ("models/domain/serving/trials.py", "Split"): "a noun: data in two parts",
}
# What stands behind a verb and belongs to it: TakenUp, PassedOn.
PARTICLES = {"Away", "Back", "Down", "In", "Off", "On", "Out", "Over", "Up"}


def _is_participle(name: str) -> bool:
    word = name.strip("_")
    return word in PARTICIPLES or (
        word.islower() and "_" not in word and word.endswith("ed") and word not in NO_PARTICIPLES
    )


def _is_participle_class(node: ast.ClassDef) -> bool:
    """`Claimed`, `PassedOn`; before a noun (`ClaimedDelivery`) it is fine, and so are errors and what a Protocol asks for."""
    bases = [ast.unparse(base).split("[")[0] for base in node.bases]
    if any(base.endswith(("Error", "Exception", "Protocol")) for base in bases):
        return False
    words = re.findall(r"[A-Z][a-z]*", node.name)
    return _is_participle(words[0].lower()) and set(words[1:]) <= PARTICLES


def _names_for_others(tree: ast.AST) -> Iterator[str]:
    """Of functions and methods, of their parameters, and of the fields of classes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
            yield from (one.arg for one in [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs])
        elif isinstance(node, ast.ClassDef):
            yield from (
                one.target.id
                for one in node.body
                if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
            )


def test_functions_parameters_fields_and_classes_are_named_by_what_they_hold() -> None:
    """`told` → `recipients`, `found` → `events`, `chosen()` → `choose()`; before a noun (`due_members`, `is_told`) it is fine."""
    participles = {
        (str(path.relative_to(ROOT)), name)
        for path in SOURCES
        for name in _names_for_others(ast.parse(path.read_text(encoding="utf-8")))
        if _is_participle(name)
    } | {
        (str(path.relative_to(ROOT)), node.name)
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and _is_participle_class(node)
    }

    assert sorted(participles - RIGHT_PARTICIPLES.keys()) == []
    assert RIGHT_PARTICIPLES.keys() - participles == set()
