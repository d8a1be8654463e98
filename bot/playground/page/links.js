// Where addresses lead: t.me links stay inside the local Telegram, everything else opens beside the page.

const OWN_HOSTS = new Set(["t.me", "telegram.me", "telegram.dog"]);
const OPENABLE = new Set(["http:", "https:", "mailto:", "tel:"]);

function parsed(address) {
  try {
    return new URL(/^[a-z][a-z0-9+.-]*:/i.test(address) ? address : `https://${address}`);
  } catch {
    return null;
  }
}

// {kind: "start", username, payload} | {kind: "message", chatId or username, messageId} | {kind: "person", username}
// | {kind: "outside", address} | {kind: "closed", address}: what cannot be opened here.
export function readLink(address) {
  const url = parsed(address.trim());
  if (url === null) return { kind: "closed", address };
  if (!OWN_HOSTS.has(url.hostname)) {
    return OPENABLE.has(url.protocol) ? { kind: "outside", address: url.href } : { kind: "closed", address };
  }
  const [first, second, third] = url.pathname.split("/").filter(Boolean);
  if (first === "c" && second) {
    return { kind: "message", chatId: `-100${second}`, messageId: Number(third) };
  }
  if (first && Number(second)) return { kind: "message", username: first, messageId: Number(second) };
  if (first && !second && !url.searchParams.has("startgroup")) {
    const payload = url.searchParams.get("start");
    return payload === null ? { kind: "person", username: first } : { kind: "start", username: first, payload };
  }
  return { kind: "closed", address };
}
