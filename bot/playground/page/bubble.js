// One message as it stands in a conversation.

import { h, theirs } from "./dom.js";
import { authorId, authorName, isService, media, mediaKind, poll, serviceWords, summary, textOf } from "./message_parts.js";
import { avatar, hueOf } from "./people.js";
import { richText } from "./rich_text.js";
import { clockTime } from "./times.js";
import { say, tell } from "./words.js";

// `follows`: the one above is by the same author, shortly before. `client` is the conversation; see conversation.js.
export function bubble(message, { store, follows, client }) {
  if (isService(message)) {
    return h("article", { class: "service", "data-id": message.message_id, tabindex: -1 }, h("span", {}, serviceWords(message)));
  }
  const isOwn = message.from?.id === store.viewerId && !message.sender_chat;
  const isPrivate = store.open.botId !== null;
  const name = authorName(message);
  return h("article", {
    class: ["message", isOwn && "own", follows && "follows", mediaKind(message) === "sticker" && "bare"].filter(Boolean).join(" "),
    "data-id": message.message_id,
    tabindex: -1,
    "aria-label": `${name}, ${clockTime(message.date, store.place)}`,
  },
  !isOwn && !isPrivate && avatar(authorId(message), name),
  h("div", { class: "column" },
    h("div", { class: "bubble" },
      !isOwn && !isPrivate && !follows && author(message, store, name),
      message.forward_origin && h("div", { class: "forward" }, tell("forwarded", { name: origin(message.forward_origin) })),
      message.reply_to_message && !isTopicRoot(message) && quote(message, client),
      media(message),
      message.poll && poll(message, store.viewerId, (options) => client.vote(message, options)),
      textOf(message) && h("div", { class: "text", dir: "auto" },
        richText(shownText(message), message.entities ?? message.caption_entities, client.reading)),
      h("div", { class: "foot" }, reactions(message, store, client), meta(message, store))),
    keyboard(message, client)));
}

// Clients keep the payload of a deep link to themselves.
const shownText = (message) => textOf(message).replace(/^\/start [\w-]{1,64}$/, "/start");

function author(message, store, name) {
  const standing = message.sender_chat ? "admin" : { creator: "owner", administrator: "admin" }[store.open.members.get(message.from?.id)?.status];
  const role = message.from?.is_bot && !message.sender_chat ? "bot" : standing;
  return h("div", { class: "author", hue: hueOf(authorId(message)) }, theirs(name), role && h("small", {}, say(role)));
}

const origin = (from) => from.sender_user?.first_name ?? from.sender_user_name ?? (from.sender_chat ?? from.chat)?.title ?? "?";

// Inside a topic every message that answers nobody quotes the topic's first one.
const isTopicRoot = (message) => message.is_topic_message && "forum_topic_created" in message.reply_to_message;

function quote(message, client) {
  const replied = message.reply_to_message;
  return h("button", { type: "button", class: "quote", hue: hueOf(authorId(replied)), onclick: () => client.jump(replied.message_id) },
    h("strong", {}, theirs(authorName(replied))),
    h("span", {}, theirs(message.quote?.text ?? summary(replied))));
}

function reactions(message, store, client) {
  const mine = (message.reacted_by?.[store.viewerId] ?? []).map((kind) => kind.emoji);
  return (message.reactions ?? []).map(({ type, total_count: count }) => {
    const emoji = type.emoji ?? "⭐";
    return h("button", {
      type: "button",
      class: "reaction",
      "aria-pressed": String(mine.includes(emoji)),
      "aria-label": `${say("react", { emoji })}, ${count}`,
      onclick: () => client.react(message, mine.includes(emoji) ? [] : [emoji]),
    }, h("span", {}, emoji), String(count));
  });
}

function meta(message, store) {
  const at = h("time", { datetime: new Date(message.date * 1000).toISOString() }, clockTime(message.date, store.place));
  return h("span", { class: message.edit_date ? "meta was-edited" : "meta" }, message.is_pinned && "📌 ", message.edit_date && `${say("edited")} `, at);
}

function keyboard(message, client) {
  const rows = message.reply_markup?.inline_keyboard ?? [];
  return rows.length > 0 && h("div", { class: "keyboard" }, rows.map((row, line) => h("div", { class: "row" }, row.map((button, column) =>
    h("button", { type: "button", "data-button": `${line},${column}`, class: button.url ? "leads" : null, onclick: () => client.press(message, button, [line, column]) },
      h("span", {}, theirs(button.text)))))));
}
