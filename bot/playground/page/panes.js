// On a phone one of three stands at a time: the chats with their members, the open chat, or what Klatch did. Wider desks show all.

import { h } from "./dom.js";
import { say } from "./words.js";

const PANES = { chats: "chats", talk: "pane_talk", deeds: "pane_deeds" };

// Returns what turns to a pane.
export function panes(root, body) {
  const button = (pane, key) => h("button", { type: "button", "data-pane": pane, onclick: () => show(pane) }, say(key));
  root.setAttribute("aria-label", say("panes"));
  root.append(...Object.entries(PANES).map(([pane, key]) => button(pane, key)));

  function show(pane) {
    body.dataset.pane = pane;
    for (const one of root.children) one.setAttribute("aria-pressed", String(one.dataset.pane === pane));
  }
  show("talk");
  return show;
}
