// What the page of the queue asks the server: one thing after the other, so that whoever takes
// something back does so after it was decided.

const work = document.getElementById("queue-work");
const TIMEOUT = 20000; // milliseconds
const MOST_ON_LEAVING = 60000; // bytes that a browser sends after a page is gone

// In the language of the desk.
export const say = (text) => window.gettext?.(text) ?? text;

export class Unreachable extends Error {}

let token = work.querySelector('input[name="csrfmiddlewaretoken"]').value;
let turn = Promise.resolve();
let waiting = 0;

// Runs `doing` when all that was asked for before is done.
export function inTurn(doing) {
  count(1);
  const done = turn.then(doing).finally(() => count(-1));
  turn = done.catch(() => {});
  return done;
}

function count(step) {
  waiting += step;
  work.toggleAttribute("data-saves", waiting > 0);
}

window.addEventListener("beforeunload", (event) => {
  if (waiting) event.preventDefault();
});

async function ask(url, options = {}) {
  try {
    return await fetch(url, {
      credentials: "same-origin",
      signal: AbortSignal.timeout(TIMEOUT),
      ...options,
      headers: { "X-Requested-With": "fetch", Accept: "application/json, text/html" },
    });
  } catch {
    throw new Unreachable();
  }
}

async function told(response) {
  const kind = response.headers.get("Content-Type") || "";
  if (kind.startsWith("application/json")) return { status: response.status, ...(await response.json()) };
  // A page for logging in is none of what was asked for.
  if (response.redirected || ![200, 422].includes(response.status)) throw new Unreachable();
  return { status: response.status, html: await response.text() };
}

// What the server answers to these fields: {status, text, problem, …}, or {status, html} for a
// form that is drawn again. Throws Unreachable.
export async function post(url, fields) {
  const response = await send(url, fields);
  return told(response.status === 403 && (await renewToken()) ? await send(url, fields) : response);
}

function send(url, fields) {
  const body = withToken(fields);
  return ask(url, { method: "POST", body, keepalive: body.toString().length < MOST_ON_LEAVING });
}

export async function get(url) {
  return told(await ask(url));
}

function withToken(fields) {
  const data = new URLSearchParams();
  for (const [name, value] of fields) data.append(name, value);
  data.set("csrfmiddlewaretoken", token);
  return data;
}

// Somebody who has logged in again in another window has a new one.
async function renewToken() {
  const answer = await told(await ask(work.dataset.pulse));
  if (!answer.token) return false;
  token = answer.token;
  for (const field of document.querySelectorAll('input[name="csrfmiddlewaretoken"]')) field.value = token;
  return true;
}

export function asElement(html) {
  return new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
}
