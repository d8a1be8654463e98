// The server's side: the local Telegram's control API, the driver's time, the bot's own reasons.

export class Refused extends Error {}

async function ask(path, body) {
  const request = body === undefined ? {} : {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  };
  let answer;
  try {
    answer = await fetch(path, request);
  } catch {
    throw new Refused("The playground does not answer. Is it still running?");
  }
  if (answer.status === 404) return null;
  const told = await answer.json();
  if (!told.ok) throw new Refused(told.error ?? `refused (${answer.status})`);
  return told;
}

export const act = async (action, details) => (await ask("/playground/do", { action, ...details })).result;
export const readState = async () => (await ask("/playground/state")).result;
// Both are null for the local Telegram on its own: nobody drives the time, no bot's rows are at hand.
export const readTime = () => ask("/playground/time");
export const moveTime = (action) => ask("/playground/time", { action });
export const readDeeds = async () => (await ask("/playground/deeds")).result;
export const fileAddress = (fileId) => `/playground/file?file_id=${encodeURIComponent(fileId)}`;

// Everything that happens from now on. `onOpen` is called again after a gap: what happened in it was missed.
export function watch(onChange, onOpen, onGap) {
  const source = new EventSource("/playground/changes");
  source.onopen = onOpen;
  source.onerror = onGap;
  source.onmessage = (event) => onChange(JSON.parse(event.data));
}
