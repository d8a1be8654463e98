// The open chat: its header, its messages with day separators, and what can be done with each message.

import { act } from "./api.js";
import { bubble } from "./bubble.js";
import { titleOf } from "./chats.js";
import { composer } from "./composer.js";
import { h, sign, theirs } from "./dom.js";
import { authorId, isService, textOf } from "./message_parts.js";
import { answer, complain, notice } from "./notices.js";
import { avatar } from "./people.js";
import { day, dayKey } from "./times.js";
import { say, tell } from "./words.js";

export const EMOJIS = ["👍", "❤️", "🔥", "😂", "🤔", "👎"];
// Telegram's own name of the heart has no variation selector.
const AS_SENT = { "❤️": "❤" };
// Messages of one author within so many seconds form one group.
const TOGETHER_SECONDS = 600;
const NEAR_THE_END_PX = 80;
const TYPING_MS = 5000;
// A message that fills more than this share of the view is read from its beginning.
const TALL = 0.7;
// So long a button waits for its answer; replayed weeks keep the bot busy.
const PATIENCE_MS = 15_000;

export function conversation(store, root, follow) {
  const head = h("header", { class: "head" });
  const log = h("div", { class: "log", role: "log", tabindex: 0 });
  const toNewest = h("button", { type: "button", class: "newest", hidden: true, title: say("newest"), "aria-label": say("newest"), onclick: () => scrollToEnd() }, sign("down"));
  const foot = h("footer", { class: "foot-bar" });
  root.append(head, h("div", { class: "log-frame" }, log, toNewest), foot);
  const client = new Client(store, follow, log);
  const writing = composer(store, foot, client);
  const tools = toolbar(store, client, writing);
  let typingTimer = null;

  const isNearEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_THE_END_PX;
  function scrollToEnd() {
    log.scrollTop = log.scrollHeight;
  }
  log.addEventListener("scroll", () => { toNewest.hidden = isNearEnd(); });
  log.addEventListener("pointerover", (event) => tools.attach(event.target.closest("article.message")));
  log.addEventListener("focusin", (event) => tools.attach(event.target.closest("article.message")));
  log.addEventListener("keydown", (event) => walk(event, log));

  let shownKey = null;
  store.subscribe((dirty) => {
    const changed = [...dirty].filter((part) => part.startsWith("message:")).map((part) => Number(part.slice(8)));
    if (dirty.has("open") || dirty.has("viewer") || dirty.has("people")) {
      const place = `${store.viewerId}|${store.openKey}|${store.topicId}`;
      const wasAtEnd = place !== shownKey || isNearEnd();
      const before = log.scrollHeight - log.scrollTop;
      drawHead(store, head);
      drawLog(store, log, client);
      writing.draw();
      log.scrollTop = wasAtEnd ? log.scrollHeight : log.scrollHeight - before;
      showUnread(store, log);
      shownKey = place;
    } else if (changed.length > 0) {
      const wasAtEnd = isNearEnd();
      changed.forEach((id) => drawOne(store, log, client, id));
      if (log.querySelector(".empty")) drawLog(store, log, client);
      if (dirty.has("chats")) writing.draw();
      if (wasAtEnd) scrollToEnd();
      toNewest.hidden = isNearEnd();
    }
  });

  return {
    jump: client.jump,
    showAction(change) {
      if (change.chat !== store.openKey) return;
      const line = head.querySelector(".line");
      const name = titleOf(store, { botId: change.user_id });
      line.replaceChildren(...tell("typing", { name }));
      clearTimeout(typingTimer);
      typingTimer = setTimeout(() => drawHead(store, head), TYPING_MS);
    },
    showAnswer(change) {
      // While weeks replay the community presses too; its answers are not for us.
      if (!client.settle(change.chat, change.user_id)) return;
      answer(change);
      if (change.url) follow(change.url);
    },
  };
}

// What messages' links, buttons and reactions do, as the viewing member.
class Client {
  #pressed = new Map();

  constructor(store, follow, log) {
    this.store = store;
    this.follow = follow;
    this.log = log;
  }

  get reading() {
    return {
      place: this.store.place,
      now: this.store.now,
      open: (address) => this.follow(address),
      mention: (username) => this.follow(`https://t.me/${username}`),
      command: (text) => this.say(text),
    };
  }

  do(action, message, details) {
    const where = { chat: this.store.openKey, message_id: message.message_id };
    return act(action, { user: this.store.viewerId, message: where, ...details });
  }

  say(text, replyTo = null) {
    const { openKey: chat, topicId } = this.store;
    const details = {
      ...(replyTo === null ? {} : { reply_to: { chat, message_id: replyTo } }),
      ...(topicId === null || topicId === 1 ? {} : { topic: topicId }),
    };
    return act("say", { user: this.store.viewerId, chat, text, ...details }).catch(complain);
  }

  react = (message, emojis) => this.do("react", message, { reactions: emojis.map((emoji) => AS_SENT[emoji] ?? emoji) }).catch(complain);
  vote = (message, options) => this.do("vote", message, { options }).catch(complain);
  edit = (message, text) => this.do("edit", message, { text }).catch(complain);
  remove = (message) => this.do("delete", message, {}).catch(complain);

  press = async (message, button, place) => {
    if (button.url) return this.follow(button.url);
    if (button.callback_data === undefined) return notice(tell("cannot_open", { address: button.text }), { kind: "refusal" });
    const key = `${this.store.openKey}|${this.store.viewerId}`;
    const node = this.log.querySelector(`[data-id="${message.message_id}"] [data-button="${place}"]`);
    node?.classList.add("busy");
    clearTimeout(this.#pressed.get(key));
    this.#pressed.set(key, setTimeout(() => {
      this.settle(...key.split("|"));
      notice(say("no_answer"), { kind: "refusal" });
    }, PATIENCE_MS));
    try {
      await this.do("press", message, { button: place });
    } catch (error) {
      this.settle(...key.split("|"));
      complain(error);
    }
  };

  // An answer has come, or will not. False when nobody pressed anything there on this page.
  settle(chat, userId) {
    const key = `${chat}|${userId}`;
    const isOurs = this.#pressed.has(key);
    clearTimeout(this.#pressed.get(key));
    this.#pressed.delete(key);
    if (isOurs) this.log.querySelectorAll("button.busy").forEach((node) => node.classList.remove("busy"));
    return isOurs;
  }

  jump = async (messageId) => {
    await this.store.loadFrom(this.store.openKey, messageId);
    requestAnimationFrame(() => requestAnimationFrame(() => {
      const target = this.log.querySelector(`[data-id="${messageId}"]`);
      if (target === null) return notice(say("not_found"));
      target.scrollIntoView({ block: target.offsetHeight > this.log.clientHeight * TALL ? "start" : "center" });
      target.classList.remove("found");
      void target.offsetWidth;  // starts the animation anew
      target.classList.add("found");
    }));
  };
}

function drawHead(store, head) {
  const chat = store.open;
  if (chat === null) {
    head.replaceChildren(h("span", { class: "line" }, say("choose_chat")));
    return;
  }
  const title = titleOf(store, chat);
  const count = [...chat.members.keys()].filter((id) => store.standing(chat, id) !== null).length;
  const topic = chat.topics.find((one) => one.id === store.topicId);
  const line = chat.botId !== null ? [say("bot")] : [say("member_count", { n: count }), topic && [" · # ", theirs(topic.name)]].flat().filter(Boolean);
  const stop = () => act("block", { user: store.viewerId, bot: chat.botId }).catch(complain);
  head.replaceChildren(
    avatar(chat.botId ?? chat.id, title),
    h("div", { class: "name" }, h("h1", {}, theirs(title)), h("span", { class: "line" }, line)),
    ...(chat.botId !== null && chat.hasStarted && !chat.isBlocked ? [h("button", { type: "button", class: "quiet", onclick: stop }, say("stop_bot"))] : []));
}

function drawLog(store, log, client) {
  const messages = store.open === null ? [] : store.messages();
  const nodes = [];
  if (store.hasEarlier.get(store.openKey)) nodes.push(earlier(store));
  messages.forEach((message, index) => nodes.push(...placed(store, client, message, messages[index - 1])));
  if (messages.length === 0 && store.open !== null && store.loaded.has(store.openKey)) nodes.push(emptiness(store));
  log.setAttribute("aria-label", store.open === null ? say("choose_chat") : titleOf(store, store.open));
  log.replaceChildren(...nodes);
}

function earlier(store) {
  return h("button", { type: "button", class: "earlier", onclick: () => store.loadEarlier().catch(complain) }, say("earlier"));
}

function emptiness(store) {
  const name = titleOf(store, store.open);
  return h("p", { class: "empty" }, store.open.botId !== null ? tell("empty_private", { name }) : say("empty"));
}

// A message and, where a day begins, the day above it.
function placed(store, client, message, previous) {
  const isNewDay = previous === undefined || dayKey(previous.date, store.place) !== dayKey(message.date, store.place);
  const follows = !isNewDay && !isService(message) && !isService(previous) && authorId(previous) === authorId(message)
    && message.date - previous.date < TOGETHER_SECONDS;
  const node = bubble(message, { store, follows, client });
  return isNewDay ? [h("div", { class: "day" }, h("span", {}, day(message.date, store.place))), node] : [node];
}

// Whoever opens a chat begins with what they have not read.
function showUnread(store, log) {
  const first = [...log.querySelectorAll("article")].at(-store.waiting);
  if (store.waiting === 0 || first === undefined) return;
  store.waiting = 0;
  if (first.offsetTop < log.scrollTop) log.scrollTop = first.offsetTop - log.firstElementChild.offsetTop;
}

// Put one new or changed message where it belongs, without drawing the others.
function drawOne(store, log, client, id) {
  const messages = store.messages();
  const index = messages.findLastIndex((message) => message.message_id === id);
  const old = log.querySelector(`[data-id="${id}"]`);
  if (index < 0) return;
  const [first, second] = placed(store, client, messages[index], messages[index - 1]);
  const node = second ?? first;
  if (old !== null) {
    const hadFocus = old.contains(document.activeElement) ? document.activeElement.dataset.button ?? "" : null;
    old.replaceWith(node);
    if (hadFocus !== null) (node.querySelector(`[data-button="${hadFocus}"]`) ?? node).focus({ preventScroll: true });
  } else {
    log.append(first, ...(second ? [second] : []));
  }
}

// Arrow keys walk from message to message; Tab then reaches what can be done with it.
function walk(event, log) {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (step === undefined || event.target.closest("button, a, select, textarea")?.closest(".option")) return;
  const all = [...log.querySelectorAll("article.message")];
  const current = all.indexOf(document.activeElement.closest("article.message"));
  const next = current < 0 ? all.at(-1) : all[current + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}

// One bar that goes to the message under the pointer or with the focus.
function toolbar(store, client, writing) {
  let message = null;
  const pick = (emoji) => {
    const mine = (message.reacted_by?.[store.viewerId] ?? []).map((kind) => kind.emoji);
    client.react(message, mine.includes(AS_SENT[emoji] ?? emoji) ? [] : [emoji]);
  };
  const tool = (key, act_) => h("button", { type: "button", title: say(key), "aria-label": say(key), "data-tool": key, onclick: act_ }, sign({ reply: "reply", edit: "edit", delete: "bin" }[key]));
  const reply = tool("reply", () => writing.replyTo(message));
  const edit = tool("edit", () => writing.startEdit(message));
  const remove = tool("delete", () => client.remove(message));
  const bar = h("div", { class: "tools", role: "toolbar", "aria-label": say("tools") },
    EMOJIS.map((emoji) => h("button", { type: "button", class: "emoji", "aria-label": say("react", { emoji }), onclick: () => pick(emoji) }, emoji)),
    h("span", { class: "rule" }), reply, edit, remove);
  return {
    attach(article) {
      if (!article || (bar.parentElement?.parentElement === article && message === current(article))) return;
      message = current(article);
      if (!message) return;
      const isOwn = message.from?.id === store.viewerId && !message.sender_chat;
      edit.hidden = !isOwn || !textOf(message) || "forward_origin" in message;
      remove.hidden = !isOwn;
      article.querySelector(".column").append(bar);
    },
  };
  function current(article) {
    return store.loaded.get(store.openKey)?.get(Number(article.dataset.id));
  }
}
