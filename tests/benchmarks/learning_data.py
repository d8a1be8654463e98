"""The real data (tests/outside.py), read into this room's arrays. When absent, it says so."""

from __future__ import annotations

import csv
import gzip
import json
import lzma
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import wraps
from typing import Any

import numpy as np

from models.learning.dataset import CommunityLog, Messages
from tests.outside import DATA, NO_DATA


def needs_data(main: Callable[[], None]) -> Callable[[], None]:
    """A benchmark that says so, instead of failing, when the real data is not there."""

    @wraps(main)
    def measure() -> None:
        if DATA.is_dir():
            main()
        else:
            print(f"{NO_DATA}; nothing was measured.")

    return measure


def exports() -> dict[str, CommunityLog]:
    """The three chats of the full Telegram export; a mention names its member as the export's readers see it."""
    with lzma.open(DATA / "telegram_export_full.json.xz") as file:
        chats = json.load(file)["chats"]["list"]
    return {chat["name"]: _chat_log(chat["messages"]) for chat in chats}


def _chat_log(lines: Iterable[dict[str, Any]]) -> CommunityLog:
    lines = [line for line in lines if line["type"] == "message"]
    member_of = {name: i + 100 for i, name in enumerate(dict.fromkeys(line["from"] for line in lines))}
    mentions = [
        (i, member_of[part["text"][1:]])
        for i, line in enumerate(lines)
        for part in line["text_entities"]
        if part["type"] == "mention" and part["text"][1:] in member_of
    ]
    n = len(lines)
    return CommunityLog(
        messages=Messages(
            member=np.array([member_of[line["from"]] for line in lines]),
            at=np.array([float(line["date_unixtime"]) for line in lines]),
            chat=np.zeros(n, np.int64),
            topic=np.full(n, -1),
            reply_to=np.full(n, -1),
            item_id=np.array([line["id"] for line in lines]),
            text=tuple("".join(part["text"] for part in line["text_entities"]) for line in lines),
            mentioning=np.array([i for i, _ in mentions], np.int64),
            mentioned_member=np.array([member for _, member in mentions], np.int64),
        )
    )


def beer() -> CommunityLog:
    """The question-and-answer site: answers reply to their question, comments to their post."""
    with lzma.open(DATA / "beer_posts.csv.xz", "rt", newline="") as file:
        posts = [row for row in csv.DictReader(file) if row["user"]]
    with gzip.open(DATA / "beer_comments.csv.gz", "rt", newline="") as file:
        comments = [row for row in csv.DictReader(file) if row["user"]]
    rows = [
        (_seconds(r["created"]), int(r["user"]), r["post"], r["parent"], f"{r['title']} {r['text']}") for r in posts
    ]
    rows += [(_seconds(r["created"]), int(r["user"]), "", r["post"], "") for r in comments]
    rows.sort(key=lambda row: row[0])
    place = {row[2]: i for i, row in enumerate(rows) if row[2]}
    replies = [place.get(row[3], -1) for row in rows]
    n = len(rows)
    return CommunityLog(
        messages=Messages(
            member=np.array([row[1] for row in rows]),
            at=np.array([row[0] for row in rows]),
            chat=np.zeros(n, np.int64),
            topic=np.full(n, -1),
            reply_to=np.array([reply if reply < i else -1 for i, reply in enumerate(replies)]),
            item_id=np.arange(n),
            text=tuple(row[4] for row in rows),
        )
    )


def lastfm() -> tuple[Any, Any, Any, Any]:
    """Train members, train items, test members, test items; ids from 1 in the files, from 0 here."""
    parts = []
    for name in ("train", "test"):
        with gzip.open(DATA / f"lastfm_{name}.txt.gz", "rt") as file:
            table = np.loadtxt(file, dtype=np.int64, usecols=(0, 1))
        parts += [table[:, 0] - 1, table[:, 1] - 1]
    return tuple(parts)  # type: ignore[return-value]


def scifact() -> tuple[list[str], list[str], Any]:
    """Abstracts with their titles, claims of the training part, and relevance, (n_queries, n_documents) bool."""
    documents = {row["doc"]: f"{row['title']} {row['text']}" for row in _rows_of("scifact_corpus.csv.xz")}
    queries = {row["query"]: row["text"] for row in _rows_of("scifact_train_queries.csv.xz")}
    places = {key: i for i, key in enumerate(documents)}, {key: i for i, key in enumerate(queries)}
    relevant = np.zeros((len(queries), len(documents)), dtype=bool)
    for row in _rows_of("scifact_train_qrels.csv.xz"):
        relevant[places[1][row["query"]], places[0][row["doc"]]] = True
    return [*documents.values()], [*queries.values()], relevant


def needs_offers() -> tuple[list[str], list[str], Any]:
    """Offers, the judged needs, and which offers meet them, (n_needs, n_offers) bool."""
    with gzip.open(DATA / "needs_offers_posts.csv.gz", "rt", newline="") as file:
        posts = {int(row["id"]): row for row in csv.DictReader(file)}
    with gzip.open(DATA / "needs_offers_matches.json.gz", "rt") as file:
        matches = {int(need): offers for need, offers in json.load(file).items()}
    place = {key: i for i, key in enumerate(key for key, row in posts.items() if row["kind"] == "offer")}
    relevant = np.array([[key in offers for key in place] for offers in matches.values()])
    return [posts[key]["text"] for key in place], [posts[key]["text"] for key in matches], relevant


def _rows_of(name: str) -> list[dict[str, str]]:
    with lzma.open(DATA / name, "rt", newline="") as file:
        return [*csv.DictReader(file)]


def cranfield() -> tuple[list[str], list[str], Any]:
    """Documents, queries and relevance, a (n_queries, n_documents) bool array (judgements above 0)."""
    with gzip.open(DATA / "cranfield_cran.all.1400.xml.gz", "rt") as file:
        documents = re.findall(r"<docno>(\d+)</docno>.*?<title>(.*?)</title>.*?<text>(.*?)</text>", file.read(), re.S)
    with gzip.open(DATA / "cranfield_cran.qry.xml.gz", "rt") as file:
        queries = re.findall(r"<title>(.*?)</title>", file.read(), re.S)
    place = {int(number): i for i, (number, _, _) in enumerate(documents)}
    relevant = np.zeros((len(queries), len(documents)), dtype=bool)
    with gzip.open(DATA / "cranfield_cranqrel.trec.txt.gz", "rt") as file:
        for line in file:
            query, _, document, grade = line.split()
            if int(grade) > 0 and int(document) in place:
                relevant[int(query) - 1, place[int(document)]] = True
    return [f"{title} {text}" for _, title, text in documents], queries, relevant


def afqmc() -> list[tuple[str, str, bool]]:
    """Chinese question pairs and whether they mean the same."""
    with gzip.open(DATA / "afqmc_dev.tsv.gz", "rt") as file:
        rows = [line.rstrip("\n").split("\t") for line in file]
    return [(a, b, label == "1") for a, b, label in rows]


def _seconds(created: str) -> float:
    return datetime.fromisoformat(created).replace(tzinfo=UTC).timestamp()
