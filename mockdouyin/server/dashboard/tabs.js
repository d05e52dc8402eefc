// The tabs: above on a wide screen, below on a narrow one.

import { a, fill, h } from "./dom.js";
import { icon } from "./icons.js";

export function createTabs(views, { link, t }) {
  const tools = h("div", { className: "tools" });
  const wide = views.map((view) => tab(view));
  const low = views.map((view) => tab(view, true));
  const element = h("div", { className: "tabs" }, h("nav", { className: "tab-list", "aria-label": t("frame.views") }, wide), tools);
  const bottom = h("nav", { className: "bottom-tabs", "aria-label": t("frame.views") }, low);

  function tab(view, isLow = false) {
    const words = t(`${view.name}.tab`);
    return a(link({ view: view.name }), { className: "tab", dataset: { view: view.name } }, isLow && icon(view.icon, 20), h("span", {}, words), h("span", { className: "count", hidden: true }));
  }

  /** Mark the tab of the view that is seen. */
  function show(route) {
    for (const each of [...wide, ...low]) {
      const isHere = each.dataset.view === route.view;
      if (isHere) each.setAttribute("aria-current", "page");
      else each.removeAttribute("aria-current");
      each.href = isHere ? location.hash : link({ view: each.dataset.view });
    }
  }

  /** Put a count on a tab; `words` say it to a reader, and stand for the dot below. */
  function badge(name, count, tone = "", words = "") {
    for (const each of [...wide, ...low]) {
      if (each.dataset.view !== name) continue;
      const seen = each.querySelector(".count");
      const said = `${tone} ${count} ${words}`;
      if (seen.dataset.said === said) continue;
      seen.dataset.said = said;
      seen.hidden = !count;
      seen.className = `count ${tone}`;
      fill(seen, String(count), words && h("span", { className: "unseen" }, ` ${words}`));
    }
  }

  return { element, bottom, tools, show, badge };
}
