// What a rule does, and when, in a few words.

import { h } from "../dom.js";

/** Return badges of what happens to a call. */
export function effectBadges(rule, t) {
  const badge = (tone, ...words) => h("span", { className: `badge ${tone}` }, words);
  return [
    rule.error !== undefined && badge("is-refused", t("scenarios.do_error"), " ", String(rule.error)),
    rule.status !== undefined && badge("is-fault", "HTTP ", String(rule.status)),
    rule.fault !== undefined && badge("is-fault", t("scenarios.do_fault"), " ", rule.fault),
    rule.happens !== undefined && badge("", t("scenarios.do_happens"), " ", rule.happens),
    rule.sheet !== undefined && badge("", t("scenarios.do_sheet"), " ", rule.sheet),
    rule.patch !== undefined && badge("is-bent", t("scenarios.do_patch"), " ", Object.keys(rule.patch).join(" ")),
    rule.reply !== undefined && badge("is-bent", t("scenarios.do_reply"), " ", String(rule.reply.status ?? 200)),
    rule.delay !== undefined && badge("", t("scenarios.delay"), " ", rule.delay),
  ].filter(Boolean);
}

/** Return when it is applied. */
export function ruleWords(rule, t) {
  const when = Object.entries(rule.when ?? {}).map(([name, value]) => (name === "person" || name === "app" ? t(`scenarios.say_${name}`, { name: value }) : `${name} = ${value}`));
  const words = [
    ...when,
    rule.after && t("scenarios.say_after", { n: rule.after }),
    rule.every > 1 && t("scenarios.say_every", { n: rule.every }),
    rule.chance !== undefined && t("scenarios.say_chance", { n: Math.round(rule.chance * 1000) / 10 }),
    rule.ttl && t("scenarios.say_ttl", { ttl: rule.ttl }),
  ];
  return words.filter(Boolean).join(" · ");
}
