// Light and dark: as the system has it until it is chosen.

const KEPT = "mockdouyin.theme";

export function applyTheme() {
  const kept = localStorage.getItem(KEPT);
  document.documentElement.style.colorScheme = kept ?? "light dark";
  return kept ?? "system";
}

/** Turn to the other one of what is seen now. */
export function turnTheme() {
  const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
  const seen = localStorage.getItem(KEPT) ?? (isDark ? "dark" : "light");
  localStorage.setItem(KEPT, seen === "dark" ? "light" : "dark");
  return applyTheme();
}
