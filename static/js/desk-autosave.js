// Keeps what is typed into the form of a piece: on the server every few seconds, and in this
// browser until the server has it. Tells who else writes in the piece. See articles/admin/autosave.py.

const desk = document.getElementById("desk-window");
const form = document.getElementById("article_form");

const KEEP_AFTER = 4000; // milliseconds: a change waits no longer than this
const TELL_EVERY = 18000; // that the window is open
const TELL_EVERY_HIDDEN = 60000;
const RETRY_FROM = 5000;
const RETRY_AT_MOST = 60000;
const KEPT_FOR = 30 * 24 * 60 * 60 * 1000; // in this browser
const MOST_ON_LEAVING = 60000; // bytes that a browser sends after a page is gone

const clock = (moment, more = {}) =>
  new Intl.DateTimeFormat(document.documentElement.lang || undefined, {
    hour: "2-digit", minute: "2-digit", hour12: false, timeZone: desk.dataset.zone, ...more,
  }).format(moment);

// --- In this browser -----------------------------------------------------------------------------

const prefix = `desk:${desk.dataset.user}:`;

const browser = {
  keep(entry) {
    try {
      localStorage.setItem(prefix + entry.window, JSON.stringify(entry));
      return true;
    } catch {
      return false; // switched off, or full
    }
  },
  forget(window) {
    try {
      localStorage.removeItem(prefix + window);
    } catch {
      // Then nothing was kept either.
    }
  },
  entries() {
    const found = [];
    try {
      for (const key of Object.keys(localStorage).filter((each) => each.startsWith(prefix))) {
        const entry = JSON.parse(localStorage.getItem(key));
        if (Date.now() - entry.at > KEPT_FOR) localStorage.removeItem(key);
        else found.push(entry);
      }
    } catch {
      return found;
    }
    return found.sort((one, other) => one.at - other.at);
  },
};

// --- The server ----------------------------------------------------------------------------------

const aToken = document.querySelector('input[name="csrfmiddlewaretoken"]');
let token = aToken ? aToken.value : "";

class Unreachable extends Error {}

// What the server answers to a POST of these fields: {status, ...}. Throws Unreachable.
async function post(doing, fields, more = {}, again = true) {
  const data = new FormData();
  for (const [name, value] of [...fields, ...Object.entries(more), ["_doing", doing]]) data.append(name, value);
  data.append("csrfmiddlewaretoken", token);
  const answer = await ask(desk.dataset.autosave, { method: "POST", body: data });
  if (answer.status === 403 && answer.problem === undefined && again && (await renewToken())) {
    return post(doing, fields, more, false);
  }
  if (answer.problem === undefined && answer.status !== 200) throw new Unreachable();
  return answer;
}

async function ask(url, options = {}) {
  let response;
  try {
    response = await fetch(url, { credentials: "same-origin", signal: AbortSignal.timeout(20000), ...options });
  } catch {
    throw new Unreachable();
  }
  const isJson = (response.headers.get("Content-Type") || "").startsWith("application/json");
  return { status: response.status, ...(isJson ? await response.json() : {}) };
}

// Somebody who logs in again in another window gets a new token; the form needs it too.
async function renewToken() {
  const answer = await ask(desk.dataset.autosave);
  if (!answer.token) return false;
  token = answer.token;
  for (const field of document.querySelectorAll('input[name="csrfmiddlewaretoken"]')) field.value = token;
  return true;
}

// --- Texts that never reached the server ---------------------------------------------------------

// Brings them there, where they are offered like all others.
async function bringOthers() {
  let brought = false;
  for (const entry of browser.entries().filter((each) => each.window !== desk.dataset.window)) {
    const answer = await bring(entry);
    if (answer.status === 200 || answer.status === 404) {
      browser.forget(entry.window);
      brought ||= answer.status === 200;
    } else if (answer.status !== 401) {
      offerHere(entry, answer.text);
    }
  }
  if (brought) await drawUnsaved();
}

async function bring(entry) {
  const more = { window: entry.window, _step: entry.step };
  const answer = await post("write", entry.fields, { ...more, _leaving: "1" });
  // A window that the server knows no more was saved, if saving was the last thing done in it.
  if (answer.status !== 404 || entry.sent) return answer;
  return post("bring", entry.fields, { ...more, _piece: entry.piece });
}

async function drawUnsaved() {
  const query = new URLSearchParams({ piece: desk.dataset.piece || "all" });
  for (const own of [desk.dataset.window, desk.dataset.insteadOf]) if (own) query.append("window", own);
  const response = await fetch(`${desk.dataset.unsaved}?${query}`, { credentials: "same-origin" });
  if (!response.ok || response.redirected) return;
  const drawn = new DOMParser().parseFromString(await response.text(), "text/html");
  document.getElementById("unsaved").replaceChildren(...drawn.body.childNodes);
}

function element(tag, text, ...children) {
  const made = document.createElement(tag);
  made.append(...(text ? [text] : []), ...children);
  return made;
}

// A text that the server refuses can be read and copied here.
function offerHere(entry, why) {
  const day = { day: "numeric", month: "long" };
  const typed = new Map(entry.fields);
  const text = element("textarea", ["headline", "standfirst", "body"].map((name) => typed.get(name) || "").join("\n\n"));
  text.readOnly = true;
  text.rows = 6;
  text.setAttribute("aria-label", typed.get("headline") || "");
  const away = element("button", desk.dataset.throwAway);
  away.type = "button";
  const about = element("p", `${desk.dataset.onlyHere.replace("{time}", clock(entry.at, day))} ${why || ""}`);
  const box = element("section", "", about, text, away);
  box.className = "unsaved";
  box.setAttribute("aria-label", about.textContent);
  away.addEventListener("click", () => {
    browser.forget(entry.window);
    box.remove();
  });
  document.getElementById("unsaved").append(box);
}

// --- This window ---------------------------------------------------------------------------------

// The form, whose working copy on the server this script keeps up.
class Window {
  constructor() {
    this.step = Number(desk.dataset.step);
    this.touched = "isRedrawn" in desk.dataset;
    this.original = this.kept = this.seen = this.text();
    this.changedAt = this.failingSince = null;
    this.retryIn = 0;
    this.nextTry = this.nextTelling = 0;
    this.busy = this.sent = this.gone = false;
    browser.forget(desk.dataset.window); // drawn by the server, which has all of it
  }

  fields() {
    return [...new FormData(form)].filter(
      ([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken" && name !== "window",
    );
  }

  text() {
    return JSON.stringify(this.fields());
  }

  get isUnsent() {
    return this.seen !== this.kept;
  }

  // Every second: whatever changes the form, by hand or by another script, is seen here.
  look() {
    const text = this.text();
    if (!this.touched) this.original = this.kept = this.seen = text;
    if (text === this.seen) return;
    this.seen = text;
    this.step += 1;
    this.changedAt ??= Date.now();
    this.keepsHere = browser.keep(this.entry());
    if (!this.failingSince) show("typing");
  }

  entry() {
    const { window, piece } = desk.dataset;
    return { window, piece, step: this.step, fields: this.fields(), at: Date.now(), sent: this.sent };
  }

  async beat() {
    if (!this.sent) this.look();
    const now = Date.now();
    if (this.busy || this.sent || this.gone || now < this.nextTry) return;
    const isDue = this.isUnsent && now - this.changedAt >= KEEP_AFTER;
    if (!isDue && now < this.nextTelling) return;
    this.busy = true;
    try {
      await (this.isUnsent ? this.write() : this.tell());
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      this.fail();
    } finally {
      this.busy = false;
    }
  }

  more() {
    return { window: desk.dataset.window, _step: this.step };
  }

  async write(more = {}) {
    const text = this.seen;
    const began = Date.now();
    // Back to what was opened: nothing unsaved is left. A text that was taken up is not saved.
    const same = text === this.original && !desk.dataset.insteadOf && !("isRedrawn" in desk.dataset);
    const answer = await post("write", this.fields(), { ...this.more(), ...(same ? { _same: "1" } : {}), ...more });
    if (answer.status !== 200) return this.refused(answer);
    this.kept = text;
    this.changedAt = this.isUnsent ? began : null;
    if (!this.isUnsent) browser.forget(desk.dataset.window);
    this.reached(answer, "kept");
  }

  async tell() {
    const opened = form.elements.namedItem("opened");
    const answer = await post("stay", opened ? [["opened", opened.value]] : [], this.more());
    if (answer.status !== 200) return this.refused(answer);
    this.reached(answer);
  }

  reached(answer, state) {
    const was = this.failingSince;
    this.failingSince = null;
    this.retryIn = this.nextTry = 0;
    this.nextTelling = Date.now() + (document.hidden ? TELL_EVERY_HIDDEN : TELL_EVERY);
    if (state || was) show(was ? "back" : state, { time: answer.kept });
    drawOthers(answer.others || []);
    drawNewer(answer.newer || "");
    if (was) bringOthers().catch(stayQuiet);
  }

  fail() {
    this.failingSince ??= Date.now();
    this.retryIn = Math.min(this.retryIn * 2 || RETRY_FROM, RETRY_AT_MOST);
    this.nextTry = Date.now() + this.retryIn;
    if (!this.isUnsent) return; // only others miss us
    this.keepsHere = browser.keep(this.entry());
    const state = this.keepsHere ? "failing" : "nowhere";
    show(state, { time: clock(this.changedAt ?? this.failingSince) });
  }

  refused(answer) {
    if (answer.status === 401) {
      this.fail();
      showLogIn(answer.text);
      return;
    }
    // Saved or thrown away in another window, not allowed any more, or too long: it stays here.
    this.gone = answer.problem !== "too_long";
    this.nextTry = Date.now() + RETRY_AT_MOST;
    if (this.isUnsent) this.keepsHere = browser.keep(this.entry());
    show("refused", { text: answer.text });
  }

  // The browser may go on sending this after the page is gone.
  leave() {
    if (this.sent || this.gone) return;
    this.look();
    const data = new FormData();
    const isWritten = this.isUnsent && new Blob([this.seen]).size < MOST_ON_LEAVING;
    const more = isWritten ? { ...this.more(), _leaving: "1" } : this.more();
    for (const [name, value] of [...(isWritten ? this.fields() : []), ...Object.entries(more)]) data.append(name, value);
    data.append("_doing", isWritten ? "write" : "leave");
    data.append("csrfmiddlewaretoken", token);
    fetch(desk.dataset.autosave, { method: "POST", body: data, credentials: "same-origin", keepalive: true }).catch(stayQuiet);
  }
}

function stayQuiet(error) {
  if (error instanceof TypeError || error instanceof Unreachable) return; // no connection: kept here
  throw error;
}

// --- What is shown -------------------------------------------------------------------------------

const line = document.getElementById("autosave-status");
const news = document.getElementById("autosave-news");
let shown = "";

function show(state, facts = {}) {
  let text = facts.text || desk.dataset[state] || "";
  if (facts.time) text = text.replace("{time}", facts.time);
  line.hidden = false;
  line.dataset.state = state;
  line.textContent = text;
  // Read aloud when it begins or ends to be so, not every few seconds.
  const spoken = state === "typing" || state === "back" ? "kept" : state;
  if (spoken !== shown && state !== "typing") {
    news.textContent = text;
    shown = spoken;
  }
}

function showLogIn(text) {
  show("signed-out", { text: `${text} ${line.textContent}` });
  const link = element("a", desk.dataset.logIn);
  Object.assign(link, { href: desk.dataset.login, target: "_blank", rel: "noopener" });
  line.append(" ", link);
}

function drawOthers(others) {
  const box = document.getElementById("others");
  const list = box.querySelector("ul");
  const before = [...list.children].map((item) => item.dataset.id).join();
  list.replaceChildren(
    ...others.map((other) => {
      const item = element("li", `${other.text} `, element("span", other.seen));
      item.dataset.id = other.id;
      return item;
    }),
  );
  box.hidden = others.length === 0;
  if (before !== others.map((other) => other.id).join()) news.textContent = others.map((other) => other.text).join(" ");
}

function drawNewer(text) {
  const place = document.getElementById("newer");
  if (place.textContent === text) return;
  place.textContent = text;
  place.hidden = !text;
  if (text) news.textContent = text;
}

// --- Begin ---------------------------------------------------------------------------------------

function watch() {
  const here = new Window();
  const touch = (event) => {
    if (!event.isTrusted || here.touched) return;
    // What scripts did to the form while it was set up is no change; what comes now is one.
    if (event.type !== "input" && event.type !== "change") here.look();
    here.touched = true;
  };
  for (const kind of ["keydown", "pointerdown", "beforeinput", "paste", "drop", "input", "change"]) {
    document.addEventListener(kind, touch, { capture: true });
  }
  setInterval(() => here.beat(), 1000);
  window.addEventListener("online", () => (here.nextTry = 0));
  document.addEventListener("visibilitychange", () => (here.nextTelling = 0));
  window.addEventListener("pagehide", () => here.leave());
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) Object.assign(here, { sent: false, nextTelling: 0 });
  });
  window.addEventListener("beforeunload", (event) => {
    if (here.sent) return;
    here.look();
    if (!here.isUnsent) return;
    here.changedAt = 0; // at once, while the question is asked
    here.beat();
    event.preventDefault();
  });
  form.addEventListener("submit", () => {
    here.look();
    here.sent = true;
    if (here.isUnsent) browser.keep(here.entry());
  });
  here.beat();
}

if (desk.dataset.window && form) watch();
bringOthers().catch(stayQuiet);
