// The dashboard's beginning. It speaks the control API and nothing else.
//
// A view is a module `views/NAME.js` that exports
//     name    its word in the address and its section in zh.json and en.json (`NAME.tab` is its tab)
//     key     the digit that opens it
//     icon    the name of its icon (icons.js)
//     mount(root, context) → {update?(route), unmount?()}
//     watch?(context) → stop   keeps the count on its tab, whichever view is seen
// It has a line in VIEWS below and a stylesheet in index.html, if it needs one. `update` is called
// when the address changed within the view; language and world mount it anew.
//
// context:
//     world                     the world's name
//     api                       get post patch put remove (path, …) in the world; api.root below /_mock/ (api.js)
//     live                      rows of all that happens, and subscribe(heard) (live.js)
//     clock                     now() frozen due ran; move(by) freeze() resume() back(); subscribe (clock.js)
//     t(key, given)             a text: t("bar.others", {n: 2}) (i18n.js)
//     route()                   {world, view, params} of the address (router.js)
//     link({view?, params?})    an address for a href; a param of null goes
//     navigate(to, {replace})   go there; both keep what they do not name
//     keys.bind({j: act})       → unbind; a new key has a line in KEYS (keys.js)
//     badge(count, tone, words) the count on the view's tab; tone "", "pending" or "fault"
//     fail(error)               say what the server refused, above the tabs
//     tools                     an element at the right of the tabs for the view's search box
//
// For its page: dom.js (h, fill, say, button), icons.js (icon, mark), list.js (long lists), json.js
// (JSON trees), copy.js (copy buttons), overlay.js (dialogs), time.js; classes in controls.css.

import { createApi } from "./api.js";
import { createBar } from "./bar.js";
import { createClock } from "./clock.js";
import { copyText } from "./copy.js";
import { button, fill, h } from "./dom.js";
import { chooseLanguage, language, loadWords, t } from "./i18n.js";
import { createKeys } from "./keys.js";
import { showKeys } from "./keysheet.js";
import { createLive } from "./live.js";
import { createRouter } from "./router.js";
import { createTabs } from "./tabs.js";
import { applyTheme, turnTheme } from "./theme.js";
import { askToken } from "./token.js";
import * as apps from "./views/apps.js";
import * as deliveries from "./views/deliveries.js";
import * as findings from "./views/findings.js";
import * as people from "./views/people.js";
import * as scenarios from "./views/scenarios.js";
import * as timeline from "./views/timeline.js";

const VIEWS = [timeline, people, apps, scenarios, deliveries, findings];

const keys = createKeys(VIEWS.map((each) => each.key));
const router = createRouter(VIEWS.map((each) => each.name), show);
const problem = h("div", { className: "problem", role: "status", hidden: true });
let world = null;
let mounted = null;

/** Begin with a world: its rows, its clock, its bar. */
function enter(name) {
  leave();
  const api = createApi(name, language, (wrong, give) => askToken(wrong, give, t));
  const live = createLive(api);
  const clock = createClock(api, live, fail);
  const frame = { world: name, api, live, clock, t, keys, fail, route: router.read, link: router.link, navigate: router.navigate };
  const bar = createBar(frame, { speak, turnTheme, showKeys: sheet });
  const tabs = createTabs(VIEWS, frame);
  const main = h("main", { className: "view" });
  fill(document.body, bar.element, problem, tabs.element, main, tabs.bottom);
  const watches = VIEWS.map((view) => view.watch?.({ ...frame, badge: (...given) => tabs.badge(view.name, ...given) }));
  world = { name, frame, bar, tabs, main, watches, unbind: keys.bind(frameKeys(frame, bar)) };
  live.start();
  clock.load();
}

function frameKeys(frame, bar) {
  const table = Object.fromEntries(VIEWS.map((each) => [each.key, () => router.navigate({ view: each.name })]));
  return { ...table, "?": sheet, f: () => bar.freeze(), "]": () => bar.next(), l: () => copyText(location.href) };
}

function sheet() {
  showKeys(t, VIEWS, keys.bound());
}

function leave() {
  if (world === null) return;
  mounted?.unmount?.();
  mounted = null;
  world.unbind();
  for (const stop of world.watches) stop?.();
  world.bar.unmount();
  world.frame.live.stop();
  world = null;
}

/** Show what the address names. */
function show(route) {
  const changes = world === null || world.name !== route.world;
  if (changes) enter(route.world);
  const view = VIEWS.find((each) => each.name === route.view);
  if (!changes && mounted?.name === view.name) {
    world.tabs.show(route);
    mounted.update?.(route);
    return;
  }
  mounted?.unmount?.();
  fill(world.main);
  fill(world.tabs.tools);
  world.tabs.show(route);
  const context = { ...world.frame, tools: world.tabs.tools, badge: (...given) => world.tabs.badge(view.name, ...given) };
  document.title = `${t(`${view.name}.tab`)} · mockdouyin`;
  mounted = { name: view.name, ...view.mount(world.main, context) };
}

async function speak(name) {
  await chooseLanguage(name);
  leave();
  show(router.read());
}

function fail(error) {
  const text = error.message || t("frame.away");
  const close = button({ className: "quiet", onclick: () => (problem.hidden = true) }, t("frame.close"));
  fill(problem, h("span", {}, text), close);
  problem.hidden = false;
}

applyTheme();
await loadWords();
show(router.read());
