// "What Klatch just did": what bots said last, to whom, of which kind and why; each leads to the member and the chat.

import { act, readDeeds } from "./api.js";
import { titleOf } from "./chats.js";
import { h, theirs } from "./dom.js";
import { summary, textOf } from "./message_parts.js";
import { complain, notice } from "./notices.js";
import { avatar, nameOf } from "./people.js";
import { clockTime, shortDay } from "./times.js";
import { kindName, pageLocale, say, tell } from "./words.js";

// Most of what a bot says are answers, which are shown on request only.
const MOST_KEPT = 200;
const MOST_SHOWN = 60;
// Messages that came within so many milliseconds are asked about together.
const GATHER_MS = 600;
const MOST_ANNOUNCED = 3;
// Somebody asked for these; they are shown on request only.
const ANSWERS = new Set(["reply", "answer"]);

// Headings are the same every time: of a numbered list its first item tells more, of others what comes under the lone first line.
function gist(message) {
  const item = /^1\. (.+)$/m.exec(textOf(message));
  if (item) return item[1];
  const [first, second] = textOf(message).split(/\n{2,}/);
  return second && !first.includes("\n") ? second.split("\n")[0] : summary(message);
}

export function deeds(store, root, goTo) {
  let said = [];  // [{chat, message}], newest first
  let reasons = new Map();  // "chat|message id" -> {kind, why}
  let waiting = [];
  let timer = null;
  let isDrawn = false;
  const list = h("ol", {});
  const withAnswers = h("input", { type: "checkbox", onchange: () => draw() });
  root.append(h("header", {}, h("h2", {}, say("deeds")), h("label", {}, withAnswers, say("with_answers"))), list);

  const keyOf = ({ chat, message }) => `${chat}|${message.message_id}`;
  const told = (deed) => reasons.get(keyOf(deed)) ?? { kind: "message", why: [] };

  async function load() {
    said = await act("said_by_bots", { last: MOST_KEPT });
    await ask();
    draw();
  }

  async function ask() {
    const found = await readDeeds();
    if (found !== null) reasons = new Map(found.map((one) => [`${one.chat}|${one.message_id}`, one]));
  }

  function heard(chat, message) {
    if (!store.isBot(message.from?.id)) return;
    const deed = { chat, message };
    said = [deed, ...said].slice(0, MOST_KEPT);
    waiting.push(deed);
    timer ??= setTimeout(announce, GATHER_MS);
  }

  // What came in private while its reader was not looking is worth a word; answers are not.
  async function announce() {
    timer = null;
    const fresh = waiting;
    waiting = [];
    await ask().catch(() => {});
    draw();
    const news = fresh.filter((deed) => {
      const chat = store.chats.get(deed.chat);
      const isRead = chat?.peerId === store.viewerId && chat?.key === store.openKey;
      return chat?.peerId && !isRead && !ANSWERS.has(told(deed).kind);
    });
    news.slice(0, MOST_ANNOUNCED).forEach((deed) => {
      const name = nameOf(store.people.get(store.chats.get(deed.chat).peerId));
      const more = deed === news[MOST_ANNOUNCED - 1] && news.length > MOST_ANNOUNCED ? ` ${say("more_said", { n: news.length - MOST_ANNOUNCED })}` : "";
      const content = [h("strong", {}, tell("said_to", { kind: kindName(told(deed).kind), name }), more), h("span", {}, theirs(gist(deed.message)))];
      notice(content, { kind: "arrival", onclick: () => goTo(deed.chat, deed.message.message_id).catch(complain) });
    });
  }

  function draw() {
    isDrawn = true;
    const shown = said.filter((deed) => withAnswers.checked || !ANSWERS.has(told(deed).kind)).slice(0, MOST_SHOWN);
    list.replaceChildren(...(shown.length > 0 ? shown.map(entry) : [h("li", { class: "none" }, say("deeds_none"))]));
  }

  function entry(deed) {
    const chat = store.chats.get(deed.chat);
    const isPrivate = chat?.peerId !== null && chat !== undefined;
    const whom = isPrivate ? nameOf(store.people.get(chat.peerId)) : chat ? titleOf(store, chat) : "?";
    const { kind, why } = told(deed);
    const place = { language: pageLocale, zone: store.place.zone };
    return h("li", {}, h("button", { type: "button", class: "deed", onclick: () => goTo(deed.chat, deed.message.message_id).catch(complain) },
      avatar(isPrivate ? chat.peerId : chat?.id ?? 0, whom),
      h("b", { class: "kind" }, kindName(kind)),
      h("time", {}, `${shortDay(deed.message.date, place)}, ${clockTime(deed.message.date, place)}`),
      h("span", { class: "whom" }, tell(isPrivate ? "to" : "in", { name: whom })),
      h("span", { class: "first" }, theirs(gist(deed.message))),
      why.length > 0 && h("span", { class: "why" }, `${say("why")}: `, theirs(why.join(" · ")))));
  }

  store.subscribe((dirty) => {
    if (isDrawn && (dirty.has("people") || dirty.has("viewer"))) draw();
  });
  return { load, heard };
}
