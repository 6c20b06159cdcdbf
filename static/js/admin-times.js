// What a date and a time typed in the site's time zone are in UTC, and where the editor is.
"use strict";
{
  const HOUR = 60 * 60 * 1000;
  const language = document.documentElement.lang || "en-gb";
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;

  const clock = (zone) => new Intl.DateTimeFormat("en-US", {
    timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric",
    hour: "numeric", minute: "numeric", second: "numeric",
  });

  // How far the clocks of the zone are ahead of UTC at a moment, in milliseconds.
  const offset = (zone, moment) => {
    const part = Object.fromEntries(
      clock(zone).formatToParts(moment).map(({ type, value }) => [type, Number(value)]),
    );
    const there = Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second);
    return there - moment;
  };

  // The moments at which the clocks of the zone show this: one, or none, or two.
  const momentsOf = (date, time, zone) => {
    const shown = Date.parse(`${date}T${time}Z`);
    const offsets = [-24, 24].map((hours) => offset(zone, shown + hours * HOUR));
    return [...new Set(offsets)]
      .map((each) => shown - each)
      .filter((moment) => moment + offset(zone, moment) === shown);
  };

  const spelled = (moment, zone, withDay) => new Intl.DateTimeFormat(language, {
    timeZone: zone, timeStyle: "short", ...(withDay && { dateStyle: "long" }),
  }).format(moment);

  const dayOf = (moment, zone) => new Intl.DateTimeFormat("en-US", { timeZone: zone }).format(moment);

  const fromNow = (moment) => {
    const minutes = Math.round((moment - Date.now()) / 60000);
    const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
    if (Math.abs(minutes) < 120) return relative.format(minutes, "minute");
    if (Math.abs(minutes) < 48 * 60) return relative.format(Math.round(minutes / 60), "hour");
    const days = Math.round(minutes / 60 / 24);
    return Math.abs(days) < 730 ? relative.format(days, "day") : relative.format(Math.round(days / 365.25), "year");
  };

  const fill = (text, values) => text?.replace(/%(\w+)%/g, (_, name) => values[name]);

  const resultOf = (field, texts) => {
    const [date, time] = field.querySelectorAll("input:not([type=hidden])");
    const zone = field.dataset.zone;
    if (!date.value || !/^\d\d:\d\d/.test(time.value)) return { text: "" };
    let moments = momentsOf(date.value, time.value.length === 5 ? `${time.value}:00` : time.value, zone);
    const kept = Math.floor(Date.parse(field.querySelector("input[type=hidden]").value) / 1000) * 1000;
    if (moments.includes(kept)) moments = [kept];
    if (moments.length !== 1) {
      return { text: moments.length ? texts.twice : texts.skipped, isWrong: true };
    }
    const [moment] = moments;
    const elsewhere = (other) => spelled(moment, other, dayOf(moment, other) !== dayOf(moment, zone));
    const isSame = offset(own, moment) === offset(zone, moment);
    const values = { time: elsewhere("UTC"), yours: elsewhere(own), zone: own.replaceAll("_", " ") };
    const when = fill(moment < Date.now() ? texts.passed : texts.ahead, { ago: fromNow(moment) });
    return { text: `${fill(isSame ? texts.utc : texts.yours, values)} ${when}`, moment };
  };

  const show = (field) => {
    const place = field.querySelector(".site-time-result");
    const { text, isWrong } = resultOf(field, place.dataset);
    if (place.textContent !== text) place.textContent = text;
    place.classList.toggle("site-time-wrong", Boolean(isWrong));
    field.dispatchEvent(new CustomEvent("site-time", { bubbles: true }));
  };

  // Screen readers hear the result once the typing pauses.
  const waiting = new WeakMap();
  const later = (event) => {
    const field = event.target.closest?.(".site-time");
    if (!field) return;
    clearTimeout(waiting.get(field));
    waiting.set(field, setTimeout(() => show(field), 400));
  };

  // The button says what it will do: what is dated ahead is scheduled.
  document.addEventListener("site-time", () => {
    const button = document.querySelector("input[name=_publish][data-ahead]");
    if (!button) return;
    button.dataset.now ??= button.value;
    const moments = ["published_at", "embargo_until"].map((name) => {
      const field = document.querySelector(`.field-${name} .site-time`);
      return (field && resultOf(field, {}).moment) || 0;
    });
    button.value = Math.max(...moments) > Date.now() ? button.dataset.ahead : button.dataset.now;
  });

  const showAll = () => document.querySelectorAll(".site-time").forEach(show);
  document.addEventListener("input", later);
  document.addEventListener("change", later);
  document.addEventListener("formset:added", showAll);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", showAll);
  else showAll();
}
