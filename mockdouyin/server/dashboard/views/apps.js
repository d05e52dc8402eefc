// The apps: what a backend has to be configured with, and the credentials that it holds by now.

import { fill, h } from "../dom.js";
import { refresher } from "../forms.js";
import { createAppDetail } from "../apps/detail.js";
import { createAppList } from "../apps/app_list.js";
import { createCredentials } from "../apps/credentials.js";
import { createNewApp } from "../apps/new_app.js";
import { createRuntimes } from "../apps/runtimes.js";

export const name = "apps";
export const key = "3";
export const icon = "apps";

const CHANGES = /^(app|world|snapshot|scenario)\./;

const PAYS = /^(ecpay|phone\.pay|order|delivery)/;

export function mount(root, context) {
  const { api, live, clock, t, route, navigate, fail } = context;
  let apps = [];
  const list = createAppList(context, { open: (app) => (open(app), detail.focus()), create: () => navigate({ params: { app: null, new: 1 } }) });
  const detail = createAppDetail(context, { changed: () => loadApps.now(), back: () => navigate({ params: { app: null } }) });
  const credentials = createCredentials(context, { counted: list.count });
  const runtimes = createRuntimes(context);
  const form = createNewApp(context, { made, close: () => navigate({ params: { new: null } }) });
  const right = h("section", { className: "pane app-right", "aria-label": t("apps.credentials") }, h("div", { className: "pane-body" }, credentials.element, runtimes.element));
  const area = h("div", { className: "columns-of-panes apps-view" }, list.element, detail.element, form.element, right);
  fill(root, area);

  const loadApps = refresher(async () => {
    try {
      ({ apps } = await api.get("apps"));
    } catch (error) {
      fail(error);
      return;
    }
    context.badge(apps.length);
    update();
  });
  const loadOrders = refresher(() => detail.loadOrders(), 500);
  const loadCredentials = refresher(() => credentials.load(chosen()), 500);

  /** The app of the address; without one the first, which a narrow screen does not open. */
  function chosen() {
    const { params } = route();
    return apps.find((app) => app.client_key === params.app || app.name === params.app) ?? apps[0] ?? null;
  }

  function update() {
    const { params } = route();
    const app = chosen();
    area.classList.toggle("has-app", "app" in params);
    area.classList.toggle("has-form", "new" in params);
    list.show(apps, "new" in params ? null : app);
    form.element.hidden = !("new" in params);
    detail.element.hidden = right.hidden = "new" in params || app === null;
    if (app === null) return;
    if (detail.show(app)) loadCredentials.now();
    runtimes.show(app);
  }

  function open(app) {
    navigate({ params: { app: app.client_key, new: null } });
  }

  async function made(app) {
    await loadApps.now();
    open(app);
  }

  function step(by) {
    const place = apps.indexOf(chosen());
    const next = apps[Math.max(0, Math.min(apps.length - 1, place + by))];
    if (next) navigate({ params: { app: next.client_key, new: null } }, { replace: true });
    if (list.element.contains(document.activeElement)) list.focus();
  }

  const unsubscribe = live.subscribe(({ type, rows, old }) => {
    if (type === "reset" || (type === "state" && live.state === "live")) (loadApps.soon(), loadCredentials.soon(), loadOrders.soon());
    if (type !== "rows" || old) return;
    if (rows.some((row) => CHANGES.test(row.kind ?? ""))) loadApps.soon();
    if (rows.some((row) => PAYS.test(row.endpoint ?? row.kind ?? ""))) loadOrders.soon();
    loadCredentials.soon();
  });
  const unsubscribeClock = clock.subscribe(() => (credentials.tick(), loadCredentials.soon(), loadOrders.soon()));
  const timer = setInterval(() => {
    if (clock.frozen || document.hidden) return;
    if (credentials.tick()) loadCredentials.soon();
  }, 1000);
  const unbind = context.keys.bind({
    j: () => step(1),
    k: () => step(-1),
    Enter: () => (chosen() ? (open(chosen()), detail.focus()) : false),
    Escape: () => ("app" in route().params || "new" in route().params ? (navigate({ params: { app: null, new: null } }), list.focus()) : false),
    c: () => detail.copyKey(),
  });
  loadApps.now();

  function unmount() {
    unbind();
    unsubscribe();
    unsubscribeClock();
    clearInterval(timer);
    loadApps.stop();
    loadCredentials.stop();
  }

  return { update, unmount };
}
