// Words: zh.json and en.json, keys by view. The language follows the system until it is chosen.

const KEPT = "mockdouyin.lang";
const WORDS = {};
let chosen = "zh";

export async function loadWords() {
  const kept = localStorage.getItem(KEPT);
  chosen = kept ?? (navigator.languages.some((each) => each.toLowerCase().startsWith("zh")) ? "zh" : "en");
  await need(chosen);
}

async function need(name) {
  const answer = WORDS[name] ?? (await (await fetch(new URL(`${name}.json`, import.meta.url))).json());
  WORDS[name] = answer;
  document.documentElement.lang = name === "zh" ? "zh-CN" : "en";
}

export const language = () => chosen;

export async function chooseLanguage(name) {
  await need(name);
  chosen = name;
  localStorage.setItem(KEPT, name);
}

/** Return a text: `t("timeline.new", {n: 12})` puts 12 in place of {n}; English has `…_one` for 1. */
export function t(key, given = {}) {
  const single = given.n === 1 ? find(`${key}_one`) : undefined;
  const text = single ?? find(key);
  if (text === undefined) return key;
  return text.replace(/\{(\w+)\}/g, (all, name) => (name in given ? String(given[name]) : all));
}

function find(key) {
  const found = key.split(".").reduce((at, name) => at?.[name], WORDS[chosen]);
  return typeof found === "string" ? found : undefined;
}
