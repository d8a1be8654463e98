// Three sentences for newcomers, until they are put away.

import { h } from "./dom.js";
import { say, tell } from "./words.js";

const KEY = "klatch.intro";

// Storage may be forbidden; then the strip comes back next time.
const stored = {
  get: () => { try { return localStorage.getItem(KEY); } catch { return null; } },
  set: (value) => { try { localStorage.setItem(KEY, value); } catch { /* comes back next time */ } },
};

// Returns what shows it again.
export function intro(root) {
  const show = (isShown) => {
    root.hidden = !isShown;
    stored.set(isShown ? "shown" : "dismissed");
  };
  root.append(
    h("p", {},
      say("intro_what"), " ",
      tell("intro_time", { week: h("b", {}, say("week")) }), " ",
      tell("intro_try", { event: h("code", {}, say("event_example")) })),
    h("button", { type: "button", class: "primary", onclick: () => show(false) }, say("dismiss")));
  root.hidden = stored.get() === "dismissed";
  return () => show(root.hidden);
}
