// Writing: the text field with replies, edits and command suggestions; Start for a fresh private chat, Unblock for a stopped bot.

import { act } from "./api.js";
import { h, sign, theirs } from "./dom.js";
import { authorName, summary, textOf } from "./message_parts.js";
import { complain } from "./notices.js";
import { nameOf } from "./people.js";
import { say, tell } from "./words.js";

const MOST_LINES_PX = 160;
const COMMAND = /^\/([a-z0-9_]*)$/i;

export function composer(store, root, client) {
  let about = null;  // {kind: "reply" | "edit", message}
  let drawnFor = null;
  const drafts = new Map();
  const field = h("textarea", { rows: 1, dir: "auto", "aria-autocomplete": "list", "aria-controls": "suggestions" });
  const suggestions = h("ul", { id: "suggestions", role: "listbox", "aria-label": say("commands"), hidden: true });
  const above = h("div", { class: "about", hidden: true });
  const send = h("button", { type: "submit", class: "send", title: say("send"), "aria-label": say("send") }, sign("send"));
  const form = h("form", { class: "writing", onsubmit: (event) => { event.preventDefault(); submit(); } }, field, send);

  const place = () => `${store.viewerId}|${store.openKey}`;
  const fit = () => {
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, MOST_LINES_PX)}px`;
  };
  const fill = (text) => {
    field.value = text;
    fit();
    suggest();
  };

  async function submit() {
    const text = field.value.trim();
    if (!text) return;
    const doing = about;
    turnTo(null);
    drafts.delete(place());
    fill("");
    if (doing?.kind === "edit") {
      if (text !== textOf(doing.message)) await client.edit(doing.message, text);
    } else {
      await client.say(text, doing?.message.message_id ?? null);
    }
  }

  function turnTo(next) {
    about = next;
    above.hidden = next === null;
    if (next === null) return;
    const label = next.kind === "edit" ? [say("editing")] : tell("replying", { name: authorName(next.message) });
    const cancel = () => { if (next.kind === "edit") fill(""); turnTo(null); field.focus(); };
    above.replaceChildren(
      sign(next.kind),
      h("div", {}, h("strong", {}, label), h("span", {}, theirs(summary(next.message)))),
      h("button", { type: "button", class: "icon-button", title: say("cancel"), "aria-label": say("cancel"), onclick: cancel }, sign("close")));
    field.focus();
  }

  // --- suggestions

  function suggest() {
    const typed = COMMAND.exec(field.value)?.[1];
    const found = typed === undefined ? [] : commandsFor(store).filter(({ command }) => command.startsWith(typed.toLowerCase()));
    suggestions.hidden = found.length === 0;
    suggestions.replaceChildren(...found.map(({ command, description }, index) => h("li", {
      role: "option",
      "aria-selected": String(index === 0),
      "data-command": command,
      onpointerdown: (event) => { event.preventDefault(); choose(command); },
    }, h("b", {}, `/${command}`), theirs(description))));
  }

  function choose(command) {
    fill(`/${command} `);
    field.focus();
  }

  function moveChoice(step) {
    const all = [...suggestions.children];
    const at = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
    all.forEach((one, index) => one.setAttribute("aria-selected", String(index === (at + step + all.length) % all.length)));
    suggestions.querySelector('[aria-selected="true"]').scrollIntoView({ block: "nearest" });
  }

  // True when the key was the suggestions'.
  function steer(key) {
    if (suggestions.hidden) return false;
    const chosen = suggestions.querySelector('[aria-selected="true"]').dataset.command;
    const isWhole = field.value === `/${chosen}`;
    if (key === "ArrowDown" || key === "ArrowUp") moveChoice(key === "ArrowDown" ? 1 : -1);
    else if (key === "Tab" || (key === "Enter" && !isWhole)) choose(chosen);
    else if (key === "Escape") suggestions.hidden = true;
    else return false;
    return true;
  }

  field.addEventListener("input", () => { fit(); suggest(); });
  field.addEventListener("blur", () => { suggestions.hidden = true; });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;  // Enter that ends a Chinese input sends nothing
    if (steer(event.key)) event.preventDefault();
    else if (event.key === "Escape" && about !== null) above.querySelector("button").click();
    else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      submit();
    }
  });

  // --- which of the three stands here

  function draw() {
    const chat = store.open;
    const state = chat === null ? "none" : standing(store, chat);
    const wanted = `${place()}|${state}|${nameOf(store.viewer)}`;
    if (wanted === drawnFor) return;
    const [viewer, key] = (drawnFor ?? "|").split("|");
    if (`${viewer}|${key}` !== place()) {
      drafts.set(`${viewer}|${key}`, about?.kind === "edit" ? "" : field.value);
      turnTo(null);
      field.value = drafts.get(place()) ?? "";
    }
    drawnFor = wanted;
    root.replaceChildren(...parts(state, chat));
    fit();
    suggest();
  }

  function parts(state, chat) {
    const me = nameOf(store.viewer);
    if (state === "none") return [];
    if (state === "absent") return [h("p", { class: "closed" }, tell("not_here", { name: me }))];
    if (state === "blocked") return [h("p", { class: "closed" }, say("is_blocked")), big("unblock", () => act("unblock", { user: store.viewerId, bot: chat.botId }))];
    if (state === "fresh") return [big("start", () => act("start", { user: store.viewerId, bot: chat.botId }))];
    field.placeholder = say("write", { name: store.viewer.first_name });
    field.setAttribute("aria-label", field.placeholder);
    return [suggestions, above, form];
  }

  const big = (key, onclick) => h("button", { type: "button", class: "big", onclick: () => onclick().catch(complain) }, say(key));

  return {
    draw,
    replyTo: (message) => turnTo({ kind: "reply", message }),
    startEdit(message) {
      fill(textOf(message));
      turnTo({ kind: "edit", message });
    },
  };
}

function standing(store, chat) {
  if (chat.botId === null) return store.standing(chat, store.viewerId) === null ? "absent" : "writing";
  if (chat.isBlocked) return "blocked";
  return chat.hasStarted ? "writing" : "fresh";
}

// What setMyCommands shows here: the narrowest scope that has commands, in the member's language or in none.
export function commandsFor(store) {
  const chat = store.open;
  if (chat === null) return [];
  const isAdmin = ["creator", "administrator"].includes(store.standing(chat, store.viewerId));
  const scopes = chat.botId !== null
    ? [`chat ${chat.key}`, "all_private_chats", "default"]
    : [
      `chat_member ${chat.key} ${store.viewerId}`,
      ...(isAdmin ? [`chat_administrators ${chat.key}`] : []),
      `chat ${chat.key}`,
      ...(isAdmin ? ["all_chat_administrators"] : []),
      "all_group_chats",
      "default",
    ];
  const language = (store.viewer?.language_code ?? "").slice(0, 2);
  const here = store.bots.filter((bot) => (chat.botId === null ? store.standing(chat, bot.user.id) !== null : chat.botId === bot.user.id));
  return here.flatMap((bot) => {
    const sets = scopes.flatMap((scope) => [language, ""].map((code) =>
      bot.commands.find((set) => set.scope === scope && set.language_code === code)?.commands ?? []));
    return sets.find((set) => set.length > 0) ?? [];
  });
}
