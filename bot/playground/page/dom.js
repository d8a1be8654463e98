// Elements from names, attributes and children. Strings become text nodes, never markup: names and messages are hostile.

export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "hue") element.style.setProperty("--hue", value);
    else if (name === "share") element.style.setProperty("--share", `${value}%`);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

// Somebody's own words inside ours: their direction ends with them.
export const theirs = (text, attributes = {}) => h("bdi", attributes, String(text ?? ""));

// One of our drawn signs; shapes are paths on a field of 24 by 24.
const SIGNS = {
  pause: "M7 5h4v14H7zM13 5h4v14h-4z",
  play: "M8 5v14l11-7z",
  send: "M3 20.5 21 12 3 3.5v6.6l11 1.9-11 1.9z",
  reply: "M10 8V4l-7 7 7 7v-4c5 0 8 1.6 10.5 5-1-5.500-4-10-10.500-11z",
  edit: "M4 17.200V20h2.800L17 9.800 14.200 7zM19.700 7.100a1 1 0 0 0 0-1.400l-1.400-1.400a1 1 0 0 0-1.400 0L15.500 5.700l2.800 2.800z",
  bin: "M7 19a2 2 0 0 0 2 2h6a2 2 0 0 0 2-2V8H7zM18.500 5h-3.500l-1-1h-4L9 5H5.500v2h13z",
  close: "M18.300 5.700 12 12l6.300 6.300-1.400 1.400L10.600 13.400 4.300 19.700 2.900 18.300 9.200 12 2.900 5.700 4.300 4.300l6.300 6.300 6.300-6.300z",
  down: "M12 16.500 4.500 9l1.600-1.600L12 13.300l5.900-5.900L19.500 9z",
  eye: "M12 5C6.500 5 2.700 9.400 1.500 12c1.200 2.600 5 7 10.500 7s9.300-4.400 10.500-7C21.300 9.400 17.500 5 12 5zm0 11a4 4 0 1 1 0-8 4 4 0 0 1 0 8z",
  file: "M6 2h8l5 5v15H6zM13 3.500V8h4.500z",
};

export function sign(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("sign");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", SIGNS[name]);
  svg.append(path);
  return svg;
}
