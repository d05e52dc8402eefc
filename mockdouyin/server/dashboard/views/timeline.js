// The timeline: what happened, the newest at the bottom.

import { fill, h } from "../dom.js";

export const name = "timeline";
export const key = "1";
export const icon = "list";

export function mount(root, { live }) {
  const seen = h("p", { className: "card" });
  const draw = () => fill(seen, String(live.rows.length));
  root.append(seen);
  draw();
  return { unmount: live.subscribe(draw) };
}
