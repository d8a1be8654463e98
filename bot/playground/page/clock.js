// The header: what this is, the simulated date and time, and the buttons that move it.

import { moveTime, readTime } from "./api.js";
import { h, sign } from "./dom.js";
import { complain } from "./notices.js";
import { city, moment } from "./times.js";
import { pageLocale, say, tell } from "./words.js";

const LOOK_MS = 1000;
const LOOK_BUSY_MS = 300;
const TITLES = { day: "day_title", week: "week_title" };

export function clock(store, root, { explain, toggleDeeds }) {
  const face = h("time", { class: "face-of-clock" });
  const zone = h("span", { class: "zone" });
  const note = h("span", { class: "busy", role: "status" });
  const bar = h("progress", { hidden: true, max: 1, "aria-label": say("week") });
  const button = (action, content) => h("button", { type: "button", class: `move ${action}`, "data-move": action, title: say(TITLES[action] ?? action), "aria-label": say(action), onclick: () => move(action) }, content);

  const buttons = h("div", { class: "moves", role: "group" },
    button("pause", sign("pause")), button("play", sign("play")), button("day", say("day")), button("week", say("week")));
  root.append(
    h("strong", { class: "brand" }, say("brand")),
    h("div", { class: "clock" }, face, zone, note, bar),
    buttons,
    h("button", { type: "button", class: "quiet", onclick: explain }, say("explain")),
    h("button", { type: "button", class: "quiet deeds-toggle", "aria-label": say("deeds_show"), title: say("deeds_show"), onclick: toggleDeeds }, sign("eye")));

  let began = null;
  let isDriven = true;

  function show(time) {
    if (time === null) {
      isDriven = false;
      buttons.hidden = true;
      return;
    }
    store.noteTime(Math.floor(Date.parse(time.now) / 1000));
    const until = time.busy_until && Date.parse(time.busy_until) / 1000;
    if (until && began === null) began = store.now;
    if (!until) began = null;
    root.dataset.state = until ? "busy" : time.is_running ? "running" : "paused";
    buttons.querySelectorAll("[data-move=day], [data-move=week]").forEach((one) => { one.disabled = Boolean(until); });
    buttons.querySelector("[data-move=pause]").setAttribute("aria-pressed", String(!until && !time.is_running));
    buttons.querySelector("[data-move=play]").setAttribute("aria-pressed", String(!until && time.is_running));
    note.replaceChildren(...(until ? tell("busy", { until: moment(until, pagePlace()) }) : []));
    bar.hidden = !until;
    if (until) bar.value = Math.min(1, (store.now - began) / Math.max(1, until - began));
  }

  async function move(action) {
    try {
      show(await moveTime(action));
    } catch (error) {
      complain(error);
    }
  }

  async function look() {
    try {
      show(await readTime());
    } catch {
      // The stream of changes says that the playground is gone.
    }
    if (isDriven) setTimeout(look, root.dataset.state === "busy" ? LOOK_BUSY_MS : LOOK_MS);
  }

  const pagePlace = () => ({ language: pageLocale, zone: store.place.zone });
  store.subscribe((dirty) => {
    if (!dirty.has("time") && !dirty.has("viewer")) return;
    face.textContent = moment(store.now, pagePlace());
    face.dateTime = new Date(store.now * 1000).toISOString();
    zone.textContent = isDriven ? city(pagePlace().zone) : `${city(pagePlace().zone)} · ${say("time_is_real")}`;
  });
  look();
}
