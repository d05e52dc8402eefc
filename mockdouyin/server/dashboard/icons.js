// Icons: paths in a box of 16, drawn with the colour of the text.

const SVG = "http://www.w3.org/2000/svg";

const LINES = {
  right: "M6 3.5 10.5 8 6 12.5",
  down: "M3.5 6 8 10.5 12.5 6",
  up: "M3.5 10 8 5.5 12.5 10",
  left: "M10 3.5 5.5 8 10 12.5",
  close: "M4 4l8 8M12 4l-8 8",
  check: "M3 8.5l3.5 3.5L13 5",
  search: "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.5 10.5 14 14",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  play: "M5 3.5v9l7.5-4.5z",
  clock: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM8 4.5V8l2.5 2",
  freeze: "M8 1.5v13M2.4 4.75l11.2 6.5M13.6 4.75 2.4 11.25M6 2.5l2 2 2-2M6 13.5l2-2 2 2",
  back: "M2.5 8a5.5 5.5 0 1 0 1.8-4.1M2.5 2.5v3h3M8 5v3l2 1.5",
  next: "M3 3.5v9L10 8zM13 3.5v9",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  copy: "M6 5.5h7.5V14H6zM3.5 10.5h-1V2h7.5v1",
  link: "M6.5 9.5l3-3M7 4.5l1.5-1.5a3 3 0 0 1 4.5 4.5L11.5 9M9 11.5 7.5 13A3 3 0 0 1 3 8.5L4.5 7",
  eye: "M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4z",
  resend: "M13 8a5 5 0 1 1-1.5-3.5M13 2v3h-3",
  rule: "M2 5h6M12 5h2M2 11h2M8 11h6M8 5a2 2 0 1 0 4 0 2 2 0 0 0-4 0zM4 11a2 2 0 1 0 4 0 2 2 0 0 0-4 0z",
  arrow: "M8 3v10M4 9l4 4 4-4",
  save: "M8 2v8M4.5 7 8 10.5 11.5 7M3 13.5h10",
  phone: "M5 1.5h6v13H5zM7.3 12.3h1.4",
  send: "M14 2 2 6.8l5 2.2 2.2 5zM14 2 7 9",
  skip: "M3 4v8l5-4zM8.5 4v8l5-4z",
  scan: "M2 5.5V2.5h3M11 2.5h3v3M14 10.5v3h-3M5 13.5H2v-3M5 6.5V5.5h2.5M11 9.5v1H8.5M2 8h12",
  person: "M8 2.5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM2.5 14c.5-3 2.7-4 5.5-4s5 1 5.5 4",
  apps: "M2.5 2.5h4.5v4.5H2.5zM9 2.5h4.5v4.5H9zM2.5 9h4.5v4.5H2.5zM9 9h4.5v4.5H9z",
  list: "M6 4h8M6 8h8M6 12h8M2.5 4h.01M2.5 8h.01M2.5 12h.01",
  pulse: "M1.5 8.5h3l2-5 3 9 2-4h3",
  flag: "M4 14V2.5h8.5L10.5 6l2 3.5H4",
  globe: "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM2 8h12M8 2c2 1.7 2.7 3.7 2.7 6S10 12.3 8 14c-2-1.7-2.7-3.7-2.7-6S6 3.7 8 2z",
  plus: "M8 3v10M3 8h10",
  edit: "M3 13l.7-3L11 2.7l2.3 2.3L6 12.3zM9.5 4.2l2.3 2.3",
  trash: "M3 4.5h10M6 4.5V3h4v1.5M4.5 4.5l.5 9h6l.5-9M6.8 7v4M9.2 7v4",
  check: "M3 8.5l3.2 3.2L13 4.8",
  enter: "M13 3v5.5H4M7 5.5l-3 3 3 3",
};

const MARKS = {
  ok: [["circle", { cx: 8, cy: 8, r: 3.5, fill: "currentColor" }]],
  refused: [
    ["circle", { cx: 8, cy: 8, r: 7, fill: "currentColor" }],
    ["path", { d: "M5.5 5.5l5 5M10.5 5.5l-5 5", stroke: "var(--card)", "stroke-width": 1.8, "stroke-linecap": "round" }],
  ],
  fault: [
    ["path", { d: "M8 1.5 15.2 14H.8z", fill: "currentColor", stroke: "currentColor", "stroke-linejoin": "round" }],
    ["path", { d: "M8 6v3.7M8 11.9v.1", stroke: "var(--card)", "stroke-width": 1.7, "stroke-linecap": "round" }],
  ],
  bent: [["path", { d: "M8 2.5 13.5 8 8 13.5 2.5 8z", fill: "none", stroke: "currentColor", "stroke-width": 2 }]],
  pending: [["circle", { cx: 8, cy: 8, r: 5.5, fill: "none", stroke: "currentColor", "stroke-width": 2.4, "stroke-dasharray": "2.4 1.92" }]],
  theme: [
    ["circle", { cx: 8, cy: 8, r: 5.5, fill: "none", stroke: "currentColor", "stroke-width": 1.5 }],
    ["path", { d: "M8 2.5a5.5 5.5 0 0 1 0 11z", fill: "currentColor" }],
  ],
  act: [["circle", { cx: 8, cy: 8, r: 3, fill: "none", stroke: "currentColor", "stroke-width": 1.6 }]],
};

/** Return an icon; one without a title is decoration that a reader is not told of. */
export function icon(name, size = 16, title = "") {
  const shapes = MARKS[name] ?? [["path", { d: LINES[name] ?? LINES.more, fill: "none", stroke: "currentColor", "stroke-width": name === "more" ? 2.2 : 1.5, "stroke-linecap": "round", "stroke-linejoin": "round" }]];
  const attributes = { viewBox: "0 0 16 16", width: size, height: size, class: `icon icon-${name}` };
  Object.assign(attributes, title ? { role: "img", "aria-label": title } : { "aria-hidden": "true" });
  return shape(["svg", attributes, shapes]);
}

/** Return a verdict's mark: shape and colour say the same. */
export function mark(verdict, title = "", size = 16) {
  const name = { unknown: "refused", error: "fault", failed: "fault", waiting: "pending", held: "pending" }[verdict] ?? verdict;
  const made = icon(MARKS[name] ? name : "act", size, title);
  made.classList.add(`is-${MARKS[name] ? name : "act"}`);
  return made;
}

function shape([tag, attributes, children = []]) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.map(shape));
  return element;
}
