// The list of the viewing member's chats, with the topics of forums under them.

import { h, theirs } from "./dom.js";
import { summary } from "./message_parts.js";
import { complain } from "./notices.js";
import { avatar, badge, nameOf, selfCard } from "./people.js";
import { clockTime, dayKey, shortDay } from "./times.js";
import { say } from "./words.js";

export const titleOf = (store, chat) => (chat.botId === null ? chat.title : nameOf(store.people.get(chat.botId)));

export function chatList(store, root) {
  const me = h("div", { class: "self" });
  const list = h("ul", { "aria-label": say("chats") });
  root.append(me, list);
  selfCard(store, me);
  store.subscribe((dirty) => {
    if (!["chats", "viewer", "unread", "people"].some((part) => dirty.has(part))) return;
    const focused = list.contains(document.activeElement) ? document.activeElement.dataset.place : null;
    list.replaceChildren(...store.chatsOf(store.viewerId).flatMap((chat) => [entry(store, chat), ...topics(store, chat)]));
    if (focused) list.querySelector(`[data-place="${focused}"]`)?.focus();
  });
}

function entry(store, chat) {
  const title = titleOf(store, chat);
  const isOpen = chat.key === store.openKey;
  return h("li", {}, h("button", {
    type: "button",
    class: "chat",
    "aria-current": isOpen ? "true" : null,
    "data-place": chat.key,
    onclick: () => store.go(chat.key).catch(complain),
  },
  avatar(chat.botId ?? chat.id, title),
  h("span", { class: "title" }, theirs(title)),
  h("span", { class: "when" }, chat.last ? shortTime(store, chat.last.date) : ""),
  h("span", { class: "preview" }, chat.last ? preview(store, chat) : say("private_chat")),
  badge(store.unreadOf(store.viewerId, chat.key))));
}

function shortTime(store, unix) {
  const isToday = dayKey(unix, store.place) === dayKey(store.now, store.place);
  return isToday ? clockTime(unix, store.place) : shortDay(unix, store.place);
}

function preview(store, chat) {
  const author = chat.last.sender_chat?.title ?? chat.last.from?.first_name ?? "";
  const isOwn = chat.last.from?.id === store.viewerId;
  return [chat.botId === null && !isOwn && [theirs(author), ": "], theirs(summary(chat.last))].flat();
}

function topics(store, chat) {
  if (!chat.isForum || chat.key !== store.openKey) return [];
  const rows = [{ id: null, name: say("all_topics") }, ...chat.topics.filter((topic) => !topic.is_hidden)];
  return rows.map((topic) => h("li", {}, h("button", {
    type: "button",
    class: "topic",
    "aria-current": topic.id === store.topicId ? "true" : null,
    "data-place": `${chat.key}#${topic.id}`,
    onclick: () => store.go(chat.key, topic.id).catch(complain),
  }, topic.id === null ? topic.name : theirs(`# ${topic.name}`), topic.is_closed && " 🔒")));
}
