// Moments and durations as people read them. Douyin's time is Beijing's.

const ZONE = { timeZone: "Asia/Shanghai", hourCycle: "h23" };
const CLOCK = new Intl.DateTimeFormat("en-GB", { ...ZONE, hour: "2-digit", minute: "2-digit", second: "2-digit" });
const DAY = new Intl.DateTimeFormat("en-CA", { ...ZONE, month: "2-digit", day: "2-digit" });

/** `14:01:20` of a moment: an ISO text, or milliseconds. */
export function clockTime(moment) {
  return typeof moment === "string" ? moment.slice(11, 19) : CLOCK.format(moment);
}

/** `11-20` of it. */
export function day(moment) {
  return typeof moment === "string" ? moment.slice(5, 10) : DAY.format(moment).slice(-5);
}

/** A duration in the two greatest units: `1 小时 57 分`. */
export function span(seconds, t) {
  const units = [["d", 86400], ["h", 3600], ["m", 60], ["s", 1]];
  let rest = Math.max(0, Math.round(seconds));
  const words = [];
  for (const [name, size] of units) {
    const n = Math.floor(rest / size);
    rest -= n * size;
    if (n && words.length < 2) words.push(t(`time.${name}`, { n }));
    else if (words.length) break;
  }
  return words.join(" ") || t("time.s", { n: 0 });
}

/** `0.3 ms`, `201 ms`. */
export function took(milliseconds) {
  if (milliseconds === null || milliseconds === undefined) return "";
  return `${milliseconds < 10 ? Math.round(milliseconds * 10) / 10 : Math.round(milliseconds)} ms`;
}
