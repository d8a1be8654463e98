// What the page knows of the local Telegram. Views subscribe; changes gather and are drawn once a frame.

import { act, readState } from "./api.js";
import { localeOf } from "./times.js";

// Messages fetched at a time, and kept of an open chat while weeks replay.
export const PAGE_SIZE = 80;
const MOST_KEPT = 320;
// Service messages that change what the state says of a chat.
const TELLING = ["new_chat_title", "forum_topic_created", "forum_topic_edited", "migrate_to_chat_id", "migrate_from_chat_id"];
const ABSENT = new Set(["left", "kicked"]);

export class Store {
  people = new Map();
  zones = {};
  bots = [];
  chats = new Map();
  // Chat key -> Map of message id -> message, oldest first; only of chats that were opened.
  loaded = new Map();
  hasEarlier = new Map();
  // "user id|chat key" -> how many messages wait there.
  unread = new Map();
  viewerId = null;
  openKey = null;
  topicId = null;
  // How much was unread in the open chat when it was opened.
  waiting = 0;
  now = Math.floor(Date.now() / 1000);
  #views = [];
  #dirty = new Set();
  #isAwaited = false;
  #refreshing = null;

  // --- views

  subscribe(draw) {
    this.#views.push(draw);
  }

  // Parts: people, chats, unread, open, viewer, time, message:<id> of the open chat.
  touch(...parts) {
    parts.forEach((part) => this.#dirty.add(part));
    if (this.#isAwaited) return;
    this.#isAwaited = true;
    requestAnimationFrame(() => {
      this.#isAwaited = false;
      const dirty = this.#dirty;
      this.#dirty = new Set();
      this.#views.forEach((draw) => draw(dirty));
    });
  }

  // --- questions

  get viewer() {
    return this.people.get(this.viewerId) ?? null;
  }

  get open() {
    return this.chats.get(this.openKey) ?? null;
  }

  // How the viewer's client writes times.
  get place() {
    return { language: localeOf(this.viewer?.language_code), zone: this.zoneOf(this.viewerId) };
  }

  zoneOf(userId) {
    return this.zones[userId] ?? Intl.DateTimeFormat().resolvedOptions().timeZone ?? "UTC";
  }

  // Everybody who can be played: no bots, not Telegram's own account.
  members() {
    return [...this.people.values()].filter((user) => !user.is_bot && user.id !== 777000);
  }

  isBot(userId) {
    return this.bots.some((bot) => bot.user.id === userId);
  }

  standing(chat, userId) {
    const member = chat.members.get(userId);
    if (!member || ABSENT.has(member.status) || member.is_member === false) return null;
    return member.status;
  }

  // The chats in the viewer's list: groups they belong to, then one private chat per bot.
  chatsOf(userId) {
    if (userId === null) return [];
    const rooms = [...this.chats.values()].filter(
      (chat) => chat.type !== "private" && chat.migratedTo === null && this.standing(chat, userId) !== null,
    );
    return [...rooms, ...this.bots.map((bot) => this.privateChat(userId, bot.user.id))];
  }

  privateChat(userId, botId) {
    const key = `${userId}:${botId}`;
    if (!this.chats.has(key)) this.chats.set(key, this.#asChat({ key, chat: { id: userId, type: "private" } }));
    return this.chats.get(key);
  }

  messages() {
    return [...(this.loaded.get(this.openKey)?.values() ?? [])].filter((message) => this.#isInTopic(message));
  }

  unreadOf(userId, key) {
    return this.unread.get(`${userId}|${key}`) ?? 0;
  }

  #isInTopic(message) {
    if (this.topicId === null) return true;
    return (message.is_topic_message ? message.message_thread_id : 1) === this.topicId;
  }

  // --- loading

  async refresh() {
    this.#refreshing ??= readState().finally(() => { this.#refreshing = null; });
    const state = await this.#refreshing;
    this.people = new Map(state.users.map((user) => [user.id, user]));
    this.zones = state.time_zones;
    this.bots = state.bots;
    for (const told of state.chats) this.chats.set(told.key, this.#asChat(told));
    this.noteTime(Math.floor(Date.parse(state.now) / 1000));
    this.touch("people", "chats", "viewer", "open");
  }

  // At the beginning, and after a gap in the stream of changes: whatever was loaded may be old, or of an earlier playground.
  async reload() {
    [this.loaded, this.hasEarlier, this.chats, this.unread].forEach((known) => known.clear());
    await this.refresh();
    const viewer = this.viewer ?? this.members()[0];
    await this.become(viewer?.id ?? null, this.openKey);
  }

  #asChat(told) {
    return {
      key: told.key,
      id: told.chat.id,
      type: told.chat.type,
      title: told.chat.title ?? "",
      username: told.chat.username ?? "",
      isForum: told.chat.is_forum ?? false,
      members: new Map((told.members ?? []).map((member) => [member.user.id, member])),
      topics: told.topics ?? [],
      last: told.last_message ?? null,
      migratedTo: told.migrated_to ?? null,
      isBlocked: told.is_blocked ?? false,
      hasStarted: told.has_started ?? false,
      peerId: told.chat.type === "private" ? told.chat.id : null,
      botId: told.chat.type === "private" ? Number(told.key.split(":")[1]) : null,
      // The server makes a private chat when it is first opened.
      isKnown: "message_count" in told,
    };
  }

  async load(key) {
    const chat = this.chats.get(key);
    if (chat.botId !== null && !chat.isKnown) await act("open_private", { user: chat.peerId, bot: chat.botId });
    chat.isKnown = true;
    const page = await act("messages", { chat: key, last: PAGE_SIZE });
    this.#merge(key, page);
    this.hasEarlier.set(key, page.length === PAGE_SIZE);
    this.touch("open");
  }

  async loadEarlier() {
    const key = this.openKey;
    const oldest = this.loaded.get(key)?.keys().next().value;
    const page = await act("messages", { chat: key, last: PAGE_SIZE, before: oldest });
    this.#merge(key, page);
    this.hasEarlier.set(key, page.length === PAGE_SIZE);
    this.touch("open");
  }

  // Everything from a message on, so that a jump finds its target and no hole behind it.
  async loadFrom(key, messageId) {
    while (!this.loaded.get(key)?.has(messageId) && this.hasEarlier.get(key)) {
      const oldest = this.loaded.get(key).keys().next().value;
      if (oldest <= messageId) return;
      await this.loadEarlier();
    }
  }

  #merge(key, page) {
    const known = this.loaded.get(key) ?? new Map();
    const older = page.filter((message) => !known.has(message.message_id));
    const all = [...older, ...known.values()].sort((one, other) => one.message_id - other.message_id);
    this.loaded.set(key, new Map(all.map((message) => [message.message_id, message])));
  }

  // --- going somewhere

  async become(userId, key = null) {
    this.viewerId = userId;
    const mine = this.chatsOf(userId);
    const wanted = key ?? this.#sameKind(mine);
    this.touch("viewer", "chats", "people");
    await this.go(mine.some((chat) => chat.key === wanted) ? wanted : mine[0]?.key ?? null);
  }

  // Somebody else looks at the same group, or at their own private chat with the same bot.
  #sameKind(mine) {
    const before = this.open;
    if (before === null || before.botId === null) return this.openKey;
    return mine.find((chat) => chat.botId === before.botId)?.key ?? null;
  }

  async go(key, topicId = null) {
    this.openKey = key;
    this.topicId = topicId;
    this.waiting = this.unreadOf(this.viewerId, key);
    this.markRead();
    this.touch("open", "chats");
    if (key !== null && !this.loaded.has(key) && this.chats.has(key)) await this.load(key);
  }

  markRead() {
    if (this.unread.delete(`${this.viewerId}|${this.openKey}`)) this.touch("unread");
  }

  noteTime(unix) {
    if (unix <= this.now && this.hasTime) return;
    this.hasTime = true;
    this.now = unix;
    this.touch("time");
  }

  // --- what happens

  apply(change) {
    this.noteTime(change.at);
    const take = {
      message: () => this.#heard(change),
      edited: () => this.#changed(change.chat, change.message.message_id, change.message),
      deleted: () => this.#deleted(change),
      reaction: () => this.#changed(change.chat, change.message_id, { reactions: change.reactions, reacted_by: change.reacted_by }),
      member: () => this.#moved(change),
      user: () => { this.people.set(change.user.id, change.user); this.touch("people", "viewer", "open"); },
      time_zone: () => { this.zones[change.user_id] = change.time_zone; this.touch("viewer", "open"); },
      chat: () => this.refresh(),
      commands: () => this.refresh(),
    }[change.kind];
    take?.();
  }

  #heard({ chat: key, message }) {
    const chat = this.chats.get(key);
    if (!chat || !this.people.has(message.from?.id ?? 0) || TELLING.some((name) => name in message)) this.refresh();
    if (!chat) return;
    chat.last = message;
    if (chat.peerId !== null && !chat.hasStarted) {
      chat.hasStarted = true;
      this.touch("open");
    }
    this.#count(chat, message);
    const known = this.loaded.get(key);
    if (known) {
      known.set(message.message_id, message);
      this.#forgetOldest(key, known);
    }
    this.touch("chats", ...(key === this.openKey ? [`message:${message.message_id}`] : []));
  }

  // Whoever writes in a private chat has read it.
  #count(chat, message) {
    if (message.from?.id === chat.peerId) this.unread.delete(`${chat.peerId}|${chat.key}`);
    const readers = chat.peerId !== null ? [chat.peerId] : [...chat.members.keys()];
    for (const userId of readers) {
      const isReading = userId === this.viewerId && chat.key === this.openKey;
      if (isReading || userId === message.from?.id || this.isBot(userId)) continue;
      this.unread.set(`${userId}|${chat.key}`, this.unreadOf(userId, chat.key) + 1);
    }
    this.touch("unread");
  }

  #forgetOldest(key, known) {
    if (known.size <= MOST_KEPT) return;
    for (const id of [...known.keys()].slice(0, known.size - MOST_KEPT + PAGE_SIZE)) known.delete(id);
    this.hasEarlier.set(key, true);
    if (key === this.openKey) this.touch("open");
  }

  #changed(key, messageId, news) {
    const chat = this.chats.get(key);
    if (chat?.last?.message_id === messageId) Object.assign(chat.last, news);
    const message = this.loaded.get(key)?.get(messageId);
    if (message === undefined) return;
    const whole = "message_id" in news ? news : { ...message, ...news };
    this.loaded.get(key).set(messageId, whole);
    this.touch("chats", ...(key === this.openKey ? [`message:${messageId}`] : []));
  }

  #deleted({ chat: key, message_id: messageId }) {
    const known = this.loaded.get(key);
    known?.delete(messageId);
    const chat = this.chats.get(key);
    if (chat?.last?.message_id === messageId) chat.last = [...(known?.values() ?? [])].at(-1) ?? null;
    this.touch("chats", ...(key === this.openKey ? ["open"] : []));
  }

  #moved({ chat: key, member }) {
    const chat = this.chats.get(key);
    if (!chat) return;
    if (chat.peerId !== null) chat.isBlocked = member.status === "kicked";
    else chat.members.set(member.user.id, member);
    if (!this.people.has(member.user.id)) this.refresh();
    this.touch("chats", "open", "people");
  }
}
