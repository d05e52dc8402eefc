// Elements are made here and nowhere else: no string ever becomes markup.

/**
 * Return a new element. `props` sets properties (`className`, `onclick`, `hidden`, …), attributes
 * (whatever has a `-`, and `role`), `style` (an object; `--names` too) and `dataset`.
 * Children are nodes, texts, or lists of them; null, undefined and false are left out.
 */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  set(element, props);
  element.append(...flat(children));
  return element;
}

export function set(element, props) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined) continue;
    if (name === "style") {
      for (const [key, each] of Object.entries(value)) element.style.setProperty(key, each);
    } else if (name === "dataset") {
      Object.assign(element.dataset, value);
    } else if (name.includes("-") || ATTRIBUTES.has(name)) {
      if (value === null || value === false) element.removeAttribute(name);
      else element.setAttribute(name, value === true && !name.startsWith("aria-") ? "" : value);
    } else if (typeof value === "function") {
      // A handler that returns false would cancel its event, as every key typed into a form was.
      element[name] = (event) => void value(event);
    } else {
      element[name] = value;
    }
  }
}

const ATTRIBUTES = new Set(["role", "list", "for", "popover", "popovertarget", "inputmode", "enterkeyhint"]);

function flat(children) {
  return children.flat(9).filter((each) => each !== null && each !== undefined && each !== false);
}

/** Replace what is in an element. */
export function fill(element, ...children) {
  element.replaceChildren(...flat(children));
  return element;
}

/** Change a text only if it differs: what somebody has selected stays selected. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
  return element;
}

/** Return a link within the dashboard; `href` is made by `context.link`. */
export function a(href, props, ...children) {
  return h("a", { href, ...props }, ...children);
}

/** Return a button that never submits a form. */
export function button(props, ...children) {
  return h("button", { type: "button", ...props }, ...children);
}
