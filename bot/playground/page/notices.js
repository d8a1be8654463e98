// Short words at the edge of the page: answers of buttons, arrivals, refusals. Alerts are dialogs that wait for OK.

import { h, theirs } from "./dom.js";
import { say } from "./words.js";

const SHOWN_MS = 5000;
const MOST_SHOWN = 4;

// Arrivals stand aside: what one reads just now is in the middle.
const rootOf = (kind) => document.getElementById(kind === "arrival" ? "arrivals" : "notices");

// `content` are nodes or text of ours; with `onclick` the notice is a button that leads somewhere.
export function notice(content, { kind = "plain", onclick = null } = {}) {
  const made = h(onclick ? "button" : "div", { class: `notice ${kind}`, type: onclick ? "button" : null }, content);
  const leave = () => made.remove();
  if (onclick) made.addEventListener("click", () => { leave(); onclick(); });
  const shown = rootOf(kind);
  shown.append(made);
  while (shown.childElementCount > MOST_SHOWN) shown.firstElementChild.remove();
  setTimeout(leave, SHOWN_MS);
}

export function complain(error) {
  notice(theirs(error.message), { kind: "refusal" });
}

// What a pressed button answered.
export function answer({ text, show_alert: isAlert }) {
  if (!text) return;
  if (!isAlert) {
    notice(theirs(text), { kind: "answer" });
    return;
  }
  const dialog = h("dialog", { class: "alert", onclose: () => dialog.remove() },
    h("p", { dir: "auto" }, text),
    h("form", { method: "dialog" }, h("button", { class: "primary" }, say("ok"))));
  document.body.append(dialog);
  dialog.showModal();
}
