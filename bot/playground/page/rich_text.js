// A message's text with its entities, as nodes. Offsets are UTF-16 units, which is what JavaScript strings count in.

import { h } from "./dom.js";
import { readLink } from "./links.js";
import { inFormat } from "./times.js";

const PLAIN = {
  bold: "strong",
  italic: "em",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote",
};

// `client` says how to show and follow: {place: {language, zone}, now, open(address), command(text), mention(username)}.
export function richText(text, entities, client) {
  const sorted = [...(entities ?? [])].sort((one, other) => one.offset - other.offset || other.length - one.length);
  return part(text, 0, text.length, sorted, client);
}

function part(text, start, end, entities, client) {
  const made = document.createDocumentFragment();
  let at = start;
  entities.forEach((entity, index) => {
    const from = Math.max(entity.offset, at);
    const to = Math.min(entity.offset + entity.length, end);
    if (to <= from) return;
    made.append(text.slice(at, from));
    const inside = entities.slice(index + 1).filter((other) => other.offset < to && other.offset + other.length > from);
    made.append(wrapped(entity, text.slice(from, to), part(text, from, to, inside, client), client));
    at = to;
  });
  made.append(text.slice(at, end));
  return made;
}

function wrapped(entity, covered, inner, client) {
  switch (entity.type) {
    case "text_link": return link(entity.url, inner, client);
    case "url": return link(covered, inner, client);
    case "email": return link(`mailto:${covered}`, inner, client);
    case "bot_command": return pressable("command", inner, () => client.command(covered));
    case "mention": return pressable("mention", inner, () => client.mention(covered.slice(1)));
    case "text_mention": return h("span", { class: "mention" }, inner);
    case "hashtag": case "cashtag": return h("span", { class: "hashtag" }, inner);
    case "spoiler": return spoiler(inner);
    case "date_time": return dateTime(entity, covered, inner, client);
    default: return PLAIN[entity.type] ? h(PLAIN[entity.type], {}, inner) : inner;
  }
}

// Outside addresses are ordinary links that open beside the page; those of the local Telegram are followed here.
function link(address, inner, client) {
  const target = readLink(address);
  if (target.kind === "outside") {
    return h("a", { href: target.address, target: "_blank", rel: "noopener noreferrer", title: target.address }, inner);
  }
  const follow = (event) => {
    event.preventDefault();
    client.open(address);
  };
  return h("a", { href: "#", title: address, onclick: follow }, inner);
}

const pressable = (kind, inner, onclick) => h("button", { type: "button", class: `inline ${kind}`, onclick }, inner);

function spoiler(inner) {
  const made = pressable("spoiler", inner, () => made.classList.add("shown"));
  return made;
}

function dateTime(entity, covered, inner, client) {
  const shown = inFormat(entity.unix_time, entity.date_time_format, client.place, client.now);
  const at = new Date(entity.unix_time * 1000);
  if (Number.isNaN(at.getTime())) return inner;
  return h("time", { datetime: at.toISOString(), title: covered }, shown ?? inner);
}
