// One key for each thing a moderator does. They can be switched off, which the browser remembers.

import * as queue from "newsroom/queue-cards";
import { close, isOpening, open } from "newsroom/queue-changes";
import { decide, undo } from "newsroom/queue-deciding";
import { say } from "newsroom/queue-server";

const OFF = "queue-keys-off";
const TYPED_IN = 'textarea, select, [contenteditable], input:not([type="checkbox"], [type="radio"])';

const help = document.getElementById("queue-help");
const helpButton = document.getElementById("queue-help-button");
const choice = document.getElementById("queue-keys");

const onCard = (doing) => (event) => {
  const card = queue.atHand();
  if (!card) queue.move(1);
  else if (!event.repeat) doing(card);
};

const KEYS = {
  j: () => queue.move(1),
  k: () => queue.move(-1),
  a: onCard((card) => decide(card, has(card, "approve") ? "approve" : "keep")),
  s: onCard((card) => decide(card, "spam")),
  f: onCard((card) => decide(card, has(card, "unfeature") ? "unfeature" : "feature")),
  r: onCard(askForReason),
  e: onCard((card) => open(card, "text")),
  b: onCard((card) => open(card, "sender")),
  n: onCard((card) => open(card, "note")),
  c: onCard((card) => open(card, "answer")),
  u: (event) => event.repeat || undo(),
  "?": () => help.showModal(),
};

const has = (card, what) => card.querySelector(`.card-form button[value="${what}"]`) !== null;

// --- Rejecting with a reason ---------------------------------------------------------------------

const reasonsOf = (card) => card.querySelector(".card-reasons");

function askForReason(card) {
  const reasons = reasonsOf(card);
  if (!has(card, "reject") || !reasons) return decide(card, "reject");
  reasons.open = true;
  reasons.classList.add("is-asked");
  const first = reasons.querySelector("input");
  first.focus({ preventScroll: true });
  reasons.scrollIntoView({ block: "nearest" });
  queue.tell(say("Reject: the digit of a reason, or Enter for none. Escape goes back."));
}

function stopAsking(card) {
  const reasons = reasonsOf(card);
  if (!reasons?.classList.contains("is-asked")) return false;
  reasons.classList.remove("is-asked");
  reasons.open = false;
  return true;
}

// Whether the key was the answer to what askForReason() asks.
function answersReason(card, event) {
  const reasons = card && reasonsOf(card);
  if (!reasons?.classList.contains("is-asked")) return false;
  if (event.key === "Enter" && reasons.contains(event.target) && event.target.matches("input")) {
    stopAsking(card);
    decide(card, "reject");
    return true;
  }
  if (!/^[0-9]$/.test(event.key) || event.target.matches(TYPED_IN)) return false;
  const radio = [...reasons.querySelectorAll('input[type="radio"]')].find(
    (each) => each.closest("label").querySelector("kbd")?.textContent.trim() === event.key,
  );
  if (radio || event.key === "0") {
    stopAsking(card);
    decide(card, "reject", { canned: radio?.value ?? "" });
  }
  return true;
}

// --- The keyboard --------------------------------------------------------------------------------

function goBack(event) {
  const card = queue.cardOf(event.target);
  if (!card || event.target === card) return;
  if (close(card) && queue.list.contains(card)) {
    if (stopAsking(card)) queue.tell("");
    queue.focusOn(card);
  }
}

// Whatever the keyboard's language is, the key is where the letter is on a Latin one.
function letterOf(event) {
  if (event.key.length === 1 && event.key.charCodeAt(0) < 128) return event.key.toLowerCase();
  return event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : event.key;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || help.open) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const card = queue.cardOf(event.target);
  // Enter in a field of a card's form would press its first button.
  if (answersReason(card, event)) return event.preventDefault();
  if (event.key === "Escape") return goBack(event);
  if (event.target.matches(TYPED_IN) || !choice.checked) return;
  if (event.shiftKey && event.key !== "?") return;
  if (isOpening()) return event.preventDefault();
  const key = event.key === "?" ? "?" : letterOf(event);
  if (!Object.hasOwn(KEYS, key)) return;
  event.preventDefault();
  if (card && key !== "r") stopAsking(card);
  KEYS[key](event);
});

// --- Help, and the switch ------------------------------------------------------------------------

function remember(isOn) {
  try {
    if (isOn) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  } catch {
    // Then it counts for this page alone.
  }
}

function isOff() {
  try {
    return localStorage.getItem(OFF) !== null;
  } catch {
    return false;
  }
}

function apply() {
  document.body.classList.toggle("keys-off", !choice.checked);
}

choice.checked = !isOff();
apply();
choice.addEventListener("change", () => {
  remember(choice.checked);
  apply();
});
helpButton.hidden = false;
helpButton.addEventListener("click", () => help.showModal());
