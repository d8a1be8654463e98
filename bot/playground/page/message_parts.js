// What a message consists of besides its text: one-line summaries, service sentences, media, polls.

import { fileAddress } from "./api.js";
import { h, sign, theirs } from "./dom.js";
import { nameOf } from "./people.js";
import { say, tell } from "./words.js";

const MEDIA = ["animation", "photo", "video", "video_note", "voice", "audio", "document", "sticker", "venue", "location", "contact", "dice"];
const ICONS = {
  animation: "🎞", photo: "🖼", video: "🎬", video_note: "📹", voice: "🎤", audio: "🎵", document: "📄", sticker: "",
  venue: "📍", location: "📍", contact: "👤", dice: "🎲",
};
// Fields of every message; whatever else stands alone in one names its kind.
const COMMON = new Set([
  "message_id", "from", "chat", "date", "sender_chat", "message_thread_id", "is_topic_message", "reply_to_message", "is_pinned",
]);

export const mediaKind = (message) => MEDIA.find((kind) => kind in message) ?? null;
export const authorName = (message) => message.sender_chat?.title ?? nameOf(message.from);
export const authorId = (message) => message.sender_chat?.id ?? message.from?.id ?? 0;
export const textOf = (message) => message.text ?? message.caption ?? "";

// One line, for lists and quotes.
export function summary(message) {
  const kind = mediaKind(message);
  const words = textOf(message).split("\n").find((line) => line.trim()) ?? "";
  if (kind) return [ICONS[kind], kind === "sticker" ? message.sticker.emoji : "", words || say(kind)].filter(Boolean).join(" ");
  if (message.poll) return `📊 ${message.poll.question}`;
  return words || serviceWords(message).map((part) => part.textContent ?? part).join("");
}

export const isService = (message) => !textOf(message) && !mediaKind(message) && !message.poll;

// A service message as nodes.
export function serviceWords(message) {
  const name = authorName(message);
  if (message.new_chat_members) {
    const whom = message.new_chat_members.map(nameOf).join(", ");
    return message.new_chat_members[0].id === message.from?.id ? tell("joined", { name }) : tell("added", { name, whom });
  }
  if (message.left_chat_member) {
    const whom = nameOf(message.left_chat_member);
    return message.left_chat_member.id === message.from?.id ? tell("left", { name }) : tell("removed", { name, whom });
  }
  if (message.pinned_message) {
    return tell("pinned", { name, what: summary(message.pinned_message).slice(0, 60) || say("a_message") });
  }
  if (message.new_chat_title) return tell("new_title", { name, title: message.new_chat_title });
  if (message.forum_topic_created) return tell("topic_created", { name, title: message.forum_topic_created.name });
  const simple = {
    group_chat_created: "created_group", supergroup_chat_created: "created_group", channel_chat_created: "created_group",
    forum_topic_edited: "topic_edited", forum_topic_closed: "topic_closed", forum_topic_reopened: "topic_reopened",
    migrate_to_chat_id: "migrated", migrate_from_chat_id: "migrated",
  };
  const kind = Object.keys(message).find((field) => !COMMON.has(field)) ?? "?";
  return kind in simple ? tell(simple[kind], { name }) : tell("service", { name, kind });
}

// The media of a message, drawn small: pictures of bots are shown, everything else is named and, as a file, downloadable.
export function media(message) {
  const kind = mediaKind(message);
  if (kind === null) return null;
  if (kind === "sticker") return h("div", { class: "sticker" }, message.sticker.emoji ?? "🙂");
  if (kind === "photo") return photo(message.photo.at(-1));
  const thing = message[kind];
  const title = thing.file_name ?? thing.title ?? (kind === "contact" ? thing.first_name : null) ?? thing.emoji ?? say(kind);
  const detail = [duration(thing.duration), size(thing.file_size), kind === "dice" && thing.value].filter(Boolean).join(" · ");
  return h("div", { class: "media" },
    h("span", { class: "icon", "aria-hidden": "true" }, kind === "document" ? sign("file") : ICONS[kind]),
    h("span", { class: "what" }, theirs(title), detail && h("small", {}, detail)),
    thing.file_id && h("a", { href: fileAddress(thing.file_id), download: thing.file_name ?? true, class: "download", "aria-label": `${say("download")} ${title}` }, sign("down")));
}

function photo(largest) {
  const picture = h("img", { src: fileAddress(largest.file_id), alt: say("photo"), width: largest.width, height: largest.height, loading: "lazy" });
  // Invented photos hold no picture.
  picture.onerror = () => picture.replaceWith(h("div", { class: "no-picture" }, `🖼 ${say("photo")}`));
  return h("div", { class: "photo" }, picture);
}

const duration = (seconds) => seconds && `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
const size = (bytes) => bytes && (bytes < 1024 ? `${bytes} B` : bytes < 2 ** 20 ? `${Math.round(bytes / 1024)} kB` : `${(bytes / 2 ** 20).toFixed(1)} MB`);

// A poll with the viewer's vote; `onvote` gets the chosen indexes.
export function poll(message, viewerId, onvote) {
  const { question, options, total_voter_count: total, is_closed: isClosed, is_anonymous: isAnonymous, allows_multiple_answers: isMultiple } = message.poll;
  const mine = message.voted_by?.[viewerId] ?? [];
  const kind = isClosed ? say("final_results") : say(isAnonymous ? "anonymous_poll" : "public_poll") + (isMultiple ? `, ${say("several_answers")}` : "");
  const choose = (index) => {
    const others = isMultiple ? mine.filter((one) => one !== index) : [];
    onvote(mine.includes(index) ? others : [...others, index]);
  };
  return h("div", { class: "poll" },
    h("strong", { dir: "auto" }, question),
    h("small", {}, kind),
    options.map((option, index) => {
      const share = total ? Math.round((100 * option.voter_count) / total) : 0;
      return h("button", { type: "button", class: "option", share, disabled: isClosed, "aria-pressed": String(mine.includes(index)), onclick: () => choose(index) },
        h("span", { class: "percent" }, `${share}%`), theirs(option.text));
    }),
    h("small", {}, say("votes", { n: total })));
}
