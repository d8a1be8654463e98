// Faces: everybody one can be, on the rail at the left, and the card that says who one is.

import { act } from "./api.js";
import { h, theirs } from "./dom.js";
import { complain } from "./notices.js";
import { city } from "./times.js";
import { say, tell } from "./words.js";

const FLAGS = { en: "🇬🇧", zh: "🇨🇳", de: "🇩🇪", fr: "🇫🇷", es: "🇪🇸", pt: "🇵🇹", ja: "🇯🇵", cs: "🇨🇿", ar: "🇸🇦", it: "🇮🇹", ru: "🇷🇺" };
const LANGUAGES = { en: "English", zh: "简体中文", de: "Deutsch", fr: "Français", es: "Español", ja: "日本語", ar: "العربية" };
const ZONES = [
  "Europe/London", "Europe/Lisbon", "Europe/Berlin", "Europe/Helsinki", "Africa/Lagos", "Asia/Dubai", "Asia/Kolkata",
  "Asia/Shanghai", "Asia/Tokyo", "Australia/Sydney", "America/Sao_Paulo", "America/New_York", "America/Los_Angeles", "UTC",
];
const HUES = [25, 55, 145, 185, 225, 265, 300, 345];

export const nameOf = (user) => [user?.first_name, user?.last_name].filter(Boolean).join(" ") || "?";
export const hueOf = (id) => HUES[Math.abs(id) % HUES.length];
const flagOf = (user) => FLAGS[(user.language_code ?? "").slice(0, 2)] ?? "🏳️";

// One or two letters: of Chinese names the last two, of others the first of each name.
function initials(name) {
  const words = name.trim().split(/\s+/u);
  if (/\p{Script=Han}/u.test(name)) return [...words.join("")].slice(-2).join("");
  return words.slice(0, 2).map((word) => [...word][0] ?? "").join("").toUpperCase();
}

export const avatar = (id, name) => h("span", { class: "avatar", hue: hueOf(id), "aria-hidden": "true" }, theirs(initials(name)));

export const badge = (count, label = say("unread_of", { n: count })) =>
  count > 0 && h("span", { class: "badge", title: label }, count > 99 ? "99+" : String(count));

// The rail. A badge counts what waits in somebody's private chats: that is where digests arrive.
export function rail(store, root) {
  root.setAttribute("aria-label", say("members"));
  store.subscribe((dirty) => {
    if (!["people", "viewer", "unread"].some((part) => dirty.has(part))) return;
    const focused = root.contains(document.activeElement) ? document.activeElement.dataset.user : null;
    root.replaceChildren(...store.members().map((user) => face(store, user)));
    if (focused) root.querySelector(`[data-user="${focused}"]`)?.focus();
  });
}

function face(store, user) {
  const name = nameOf(user);
  const waiting = store.bots.reduce((sum, bot) => sum + store.unreadOf(user.id, `${user.id}:${bot.user.id}`), 0);
  return h("button", {
    type: "button",
    class: "face",
    title: say("become", { name }),
    "aria-label": say("become", { name }) + (waiting ? `, ${say("unread_of", { n: waiting })}` : ""),
    "aria-pressed": String(user.id === store.viewerId),
    "data-user": user.id,
    onclick: () => store.become(user.id).catch(complain),
  }, avatar(user.id, name), badge(waiting), h("span", { class: "short" }, theirs(user.first_name)));
}

// "You are Mia", with the language and the zone of her devices.
export function selfCard(store, root) {
  store.subscribe((dirty) => {
    if (!dirty.has("people") && !dirty.has("viewer")) return;
    const user = store.viewer;
    root.replaceChildren(...(user === null ? [say("nobody")] : card(store, user)));
  });
}

function card(store, user) {
  const name = nameOf(user);
  const code = (user.language_code ?? "en").slice(0, 2);
  const zone = store.zoneOf(user.id);
  const languages = Object.entries({ [code]: code, ...LANGUAGES });
  const zones = [...new Set([zone, ...ZONES])].map((value) => [value, city(value)]);
  const change = (action, details) => act(action, { user: user.id, ...details }).catch(complain);
  return [
    avatar(user.id, name),
    h("div", { class: "who" },
      h("strong", {}, tell("you_are", { name }), ` ${flagOf(user)}`),
      h("div", { class: "choices" },
        choice("language", languages, code, (value) => change("change_user", { language_code: value })),
        choice("zone", zones, zone, (value) => change("set_time_zone", { time_zone: value })))),
  ];
}

function choice(key, options, chosen, onchoose) {
  const made = h("select", { "aria-label": say(key), title: say(key), onchange: () => onchoose(made.value) },
    options.map(([value, title]) => h("option", { value, selected: value === chosen }, title)));
  return made;
}
