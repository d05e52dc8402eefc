// Who a person is: a dialog that adds one or changes their profile.

import { button, fill, h } from "../dom.js";
import { openDialog } from "../overlay.js";

const TEXTS = ["nickname", "phone", "country_code", "country", "province", "city", "district", "address", "language", "avatar"];
const NUMBERS = { latitude: 90, longitude: 180 };

/** Ask for a profile; without a person, for a new one. `done(person)` gets what the server made of it. */
export function openProfile({ api, t }, person, done) {
  const label = (name, control) => h("label", { className: "field" }, h("span", {}, t(`people.field_${name}`), h("code", { className: "soft" }, name)), control);
  const input = (name, props = {}) => h("input", { name, value: String(person?.[name] ?? ""), autocomplete: "off", placeholder: person ? "" : t("people.generated"), ...props });
  const name = h("input", { name: "name", autocomplete: "off", placeholder: t("people.generated"), maxLength: 200 });
  const genders = [...(person ? [] : [["", t("people.generated")]]), ["1", t("people.gender_1")], ["2", t("people.gender_2")], ["0", t("people.gender_0")]];
  const gender = h("select", { name: "gender" }, genders.map(([value, words]) => h("option", { value, selected: value === String(person?.gender ?? "") }, words)));
  const fields = { ...Object.fromEntries(TEXTS.map((each) => [each, input(each)])), ...Object.fromEntries(Object.entries(NUMBERS).map(([each, most]) => [each, input(each, { type: "number", step: "any", min: -most, max: most })])), gender };
  const problem = h("p", { className: "refusal", role: "status", hidden: true });

  /** What differs from the person, or of a new one what was filled in. */
  function given() {
    const changed = {};
    for (const [each, control] of Object.entries(fields)) {
      const isNumber = each in NUMBERS || each === "gender";
      if (control.value === String(person?.[each] ?? "")) continue;
      if (isNumber && control.value === "") continue;
      changed[each] = isNumber ? Number(control.value) : control.value;
    }
    return changed;
  }

  async function save(event) {
    event.preventDefault();
    try {
      const body = given();
      const made = person ? await api.patch(`people/${encodeURIComponent(person.name)}`, body) : await api.post("people", { ...(name.value ? { name: name.value } : {}), ...body });
      dialog.close();
      done(made);
    } catch (error) {
      fill(problem, error.message || t("frame.away"));
      problem.hidden = false;
    }
  }

  const form = h(
    "form",
    { className: "profile", onsubmit: save },
    h("div", { className: "profile-fields" }, person ? null : h("label", { className: "field" }, h("span", {}, t("people.field_name"), h("code", { className: "soft" }, "name")), name), [...TEXTS.slice(0, 2), "gender", ...TEXTS.slice(2), ...Object.keys(NUMBERS)].map((each) => label(each, fields[each]))),
    h("p", { className: "soft" }, t(person ? "people.edit_about" : "people.add_about")),
    problem,
    h("div", { className: "buttons" }, button({ className: "edge", onclick: () => dialog.close() }, t("people.cancel")), h("button", { className: "dark" }, t(person ? "people.save" : "people.add_now"))),
  );
  const dialog = openDialog(person ? t("people.edit_title", { name: person.name }) : t("people.add"), t("frame.close"), form);
  (person ? fields.nickname : name).focus();
}
