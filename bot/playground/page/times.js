// Instants in a zone and language, as the viewing member's client would show them.

const formats = new Map();

function formatter(language, zone, options) {
  const key = `${language}|${zone}|${JSON.stringify(options)}`;
  if (!formats.has(key)) {
    formats.set(key, new Intl.DateTimeFormat(language, { timeZone: zone, hourCycle: "h23", ...options }));
  }
  return formats.get(key);
}

// Telegram's language codes are short; English is written with a 24-hour clock here.
export function localeOf(code) {
  if (!code || code === "en") return "en-GB";
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(code)[0] ?? "en-GB";
  } catch {
    return "en-GB";
  }
}

const DAY = { weekday: "long", day: "numeric", month: "long" };
const MOMENT = { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" };

export const clockTime = (unix, { language, zone }) =>
  formatter(language, zone, { hour: "2-digit", minute: "2-digit" }).format(unix * 1000);
export const day = (unix, { language, zone }) => formatter(language, zone, DAY).format(unix * 1000);
export const shortDay = (unix, { language, zone }) => formatter(language, zone, { day: "numeric", month: "short" }).format(unix * 1000);
export const dayKey = (unix, { zone }) => formatter("en-CA", zone, {}).format(unix * 1000);
export const moment = (unix, { language, zone }) => formatter(language, zone, MOMENT).format(unix * 1000);

// The format of a date_time entity: "r", or w?[dD]?[tT]?; null when it names none, then the message's own words stand.
export function inFormat(unix, format, { language, zone }, now) {
  if (format === "r") return relative(unix - now, language);
  if (!/^w?[dD]?[tT]?$/.test(format ?? "") || !format) return null;
  const options = {};
  if (format.includes("w")) options.weekday = "short";
  if (format.includes("d")) Object.assign(options, { day: "numeric", month: "short" });
  if (format.includes("D")) Object.assign(options, { day: "numeric", month: "long", year: "numeric" });
  if (/[tT]/.test(format)) Object.assign(options, { hour: "2-digit", minute: "2-digit" });
  if (format.includes("T")) options.second = "2-digit";
  return formatter(language, zone, options).format(unix * 1000);
}

const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

function relative(seconds, language) {
  const [unit, size] = UNITS.find(([, span]) => Math.abs(seconds) >= span) ?? UNITS.at(-1);
  return new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

export const city = (zone) => zone.split("/").at(-1).replaceAll("_", " ");
