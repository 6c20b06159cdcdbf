// The cards of the queue: which one is at hand, those that stepped aside, and those to come.

import { asElement, get, say } from "newsroom/queue-server";

const FEWEST_AHEAD = 15; // cards; with fewer the next page is fetched
const MOST_ASIDE = 150; // cards that are kept in case they come back
const SHOWN_FOR = 8000; // milliseconds: what somebody else has decided

export const list = document.getElementById("cards");
const status = document.getElementById("queue-said");

let last = null; // the card that was at hand last
let loading = null;

const isShown = (element) => element.matches(".card:not([hidden], .is-gone)");

export const cards = () => [...list.children].filter(isShown);
export const cardOf = (element) => element?.closest?.(".card") ?? null;
export const cardWith = (number) => document.getElementById(`reply-${number}`);
export const nameOn = (card) => card.querySelector(".card-name").textContent.trim();

// What happened, for those who see and for those who listen.
export function tell(text) {
  status.textContent = "";
  status.textContent = text;
}

export function atHand() {
  const focused = cardOf(document.activeElement);
  if (focused && list.contains(focused)) return focused;
  return document.activeElement === document.body && last?.isConnected && !last.hidden ? last : null;
}

function beside(card, step) {
  let other = card;
  do other = step > 0 ? other.nextElementSibling : other.previousElementSibling;
  while (other && !isShown(other));
  return other;
}

export function focusOn(card) {
  last = card;
  card.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest" });
}

list.addEventListener("focusin", (event) => {
  last = cardOf(event.target);
});

export function move(step) {
  const card = atHand();
  const other = card ? beside(card, step) : cards()[0];
  if (other) focusOn(other);
  if (step > 0 && aheadOf(other) < FEWEST_AHEAD) load();
  if (card?.classList.contains("is-gone")) leave(card);
}

// The one after it, else the one before it, else what says that none is left.
export function focusBeside(card) {
  const other = beside(card, 1) ?? beside(card, -1);
  if (other) focusOn(other);
  else focusOnEnd(nextPage() ? load() : null);
  if (aheadOf(other) < FEWEST_AHEAD) load();
}

function aheadOf(card) {
  let count = 0;
  for (let each = card; each && count < FEWEST_AHEAD; each = each.nextElementSibling) count += isShown(each);
  return count;
}

// Behind the last card: what says that none is left, or that more are `coming`.
function focusOnEnd(coming) {
  let end = list.querySelector(".queue-empty");
  if (!end) end = Object.assign(document.createElement("p"), { className: "queue-empty", tabIndex: -1 });
  list.append(end);
  end.textContent = coming ? say("More replies are coming …") : say("Nothing is left here.");
  end.hidden = false;
  end.focus();
  coming?.then(() => {
    const [first] = cards();
    if (!first) return focusOnEnd(nextPage() ? load() : null);
    if (document.activeElement === end) focusOn(first);
    end.hidden = true;
  });
}

// --- Stepping aside ------------------------------------------------------------------------------

export function stepAside(card) {
  card.hidden = true;
  const aside = list.querySelectorAll(":scope > .card[hidden]");
  if (aside.length > MOST_ASIDE) aside[0].remove();
}

export function bringBack(card, message = "") {
  card.hidden = false;
  card.classList.remove("is-gone");
  list.querySelector(".queue-empty")?.toggleAttribute("hidden", true);
  write(card, message);
}

function write(card, message) {
  let line = card.querySelector(":scope > .card-message");
  if (!line && message) {
    line = Object.assign(document.createElement("p"), { className: "card-message" });
    card.prepend(line);
  }
  if (line) line.textContent = message;
  if (line) line.hidden = !message;
}

// Somebody else has decided on it: it says so, and steps aside when nobody reads it any more.
export function letGo(card, message) {
  bringBack(card, message);
  card.classList.add("is-gone");
  setTimeout(() => leave(card), SHOWN_FOR);
}

function leave(card) {
  if (!card.classList.contains("is-gone") || card.contains(document.activeElement)) return;
  card.classList.remove("is-gone");
  stepAside(card);
}

list.addEventListener("focusout", ({ target, relatedTarget }) => {
  const card = cardOf(target);
  if (card?.classList.contains("is-gone") && relatedTarget && !card.contains(relatedTarget)) {
    setTimeout(() => leave(card), 0);
  }
});

// --- From the server -----------------------------------------------------------------------------

// The card as the reply is now, in place of the one that is there; null where it can't be had.
export async function drawAgain(number, message = "") {
  const address = cardWith(number)?.querySelector(".card-form").action ?? `${location.pathname}${number}/`;
  const { html } = await get(address);
  const fresh = html && asElement(html);
  if (!fresh) return null;
  const old = cardWith(number);
  const hadFocus = old?.contains(document.activeElement);
  if (old) old.replaceWith(fresh);
  else list.prepend(fresh);
  bringBack(fresh, message);
  if (hadFocus) focusOn(fresh);
  return fresh;
}

const nextPage = () => document.querySelector(".queue-paging a[rel=next]");

// Fetches the next page and puts its cards behind those that are there. Once at a time.
export function load() {
  const link = nextPage();
  if (!link) return Promise.resolve();
  loading ??= fetchPage(link).finally(() => {
    loading = null;
  });
  return loading;
}

async function fetchPage(link) {
  let page;
  try {
    const { html } = await get(link.href);
    page = new DOMParser().parseFromString(html, "text/html");
  } catch {
    link.removeAttribute("rel"); // it leads there still
    return;
  }
  for (const card of page.querySelectorAll("#cards > .card")) {
    if (!cardWith(card.dataset.reply)) list.append(card);
  }
  const further = page.querySelector(".queue-paging a[rel=next]");
  if (further) link.href = further.getAttribute("href");
  else link.remove();
}
