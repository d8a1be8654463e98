// The wiring on one screen: store -> views -> stream of changes.

import { act, watch } from "./api.js";
import { chatList } from "./chats.js";
import { clock } from "./clock.js";
import { conversation } from "./conversation.js";
import { deeds } from "./deeds.js";
import { intro } from "./intro.js";
import { readLink } from "./links.js";
import { complain, notice } from "./notices.js";
import { panes } from "./panes.js";
import { rail } from "./people.js";
import { Store } from "./store.js";
import { pageLanguage, say, tell } from "./words.js";

const at = (id) => document.getElementById(id);
const store = new Store();

// Look at a message as somebody who can see it: the reader of a private chat, or whoever one is if they are in the group.
async function goTo(key, messageId) {
  const chat = store.chats.get(key);
  if (!chat) return;
  turnTo("talk");
  const isMine = chat.peerId === null && store.standing(chat, store.viewerId) !== null;
  const viewerId = chat.peerId ?? (isMine ? store.viewerId : store.members().find((user) => store.standing(chat, user.id))?.id);
  await store.become(viewerId, key);
  if (messageId) await talk.jump(messageId);
}

// Follow an address as the viewing member's client would.
async function follow(address) {
  const link = readLink(address);
  const username = link.username?.toLowerCase();
  const bot = username && store.bots.find((one) => one.user.username?.toLowerCase() === username);
  const room = [...store.chats.values()].find((chat) => (link.chatId ? String(chat.id) === link.chatId : username && chat.username.toLowerCase() === username));
  if (link.kind === "outside") window.open(link.address, "_blank", "noopener,noreferrer");
  else if (link.kind === "start" && bot) await startFrom(bot, link.payload);
  else if (link.kind === "person" && bot) await store.go(`${store.viewerId}:${bot.user.id}`);
  else if (link.kind === "message" && room) await goTo(room.key, link.messageId);
  else if (link.kind !== "person") notice(tell("cannot_open", { address }), { kind: "refusal" });
}

async function startFrom(bot, payload) {
  await store.go(`${store.viewerId}:${bot.user.id}`);
  await act("start", { user: store.viewerId, bot: bot.user.id, payload });
}

const following = (address) => follow(address).catch(complain);
const toggleDeeds = () => at("desk").classList.toggle("with-deeds");

document.documentElement.lang = pageLanguage;
document.title = say("brand");
const explain = intro(at("intro"));
clock(store, at("top"), { explain, toggleDeeds });
rail(store, at("rail"));
chatList(store, at("chats"));
const turnTo = panes(at("panes"), document.body);
// Whoever chooses a chat wants to read it.
at("chats").addEventListener("click", (event) => { if (event.target.closest(".chat, .topic")) turnTo("talk"); });
const talk = conversation(store, at("conversation"), following);
const panel = deeds(store, at("deeds"), goTo);

async function begin() {
  await store.reload();
  await panel.load();
  document.body.classList.add("ready");
}

let isLost = false;
watch(
  (change) => {
    store.apply(change);
    if (change.kind === "message") panel.heard(change.chat, change.message);
    if (change.kind === "answer") talk.showAnswer(change);
    if (change.kind === "action") talk.showAction(change);
    // People arrive after an empty beginning.
    if (store.viewer === null && store.members().length > 0) store.become(store.members()[0].id).catch(complain);
  },
  () => {
    isLost = false;
    begin().catch(complain);
  },
  () => {
    if (!isLost) notice(say("lost"), { kind: "refusal" });
    isLost = true;
  },
);
