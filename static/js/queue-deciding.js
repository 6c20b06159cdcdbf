// Deciding: on the page at once, then on the server, and taken back where that refuses.

import * as queue from "newsroom/queue-cards";
import { Unreachable, inTurn, post, say } from "newsroom/queue-server";

const named = (text, card) => text.replace("%(name)s", queue.nameOn(card));

const undoUrl = document.getElementById("queue-work").dataset.undo;
const tab = document.querySelector("[data-tab][aria-current]")?.dataset.tab ?? "waiting";

const DONE = {
  approve: () => say("Approved: the reply of %(name)s."),
  keep: () => say("Kept: the reply of %(name)s."),
  reject: () => say("Rejected: the reply of %(name)s."),
  spam: () => say("Marked as spam: the reply of %(name)s."),
  restore: () => say("Back in the queue: the reply of %(name)s."),
  feature: () => say("Picked: the reply of %(name)s."),
  unfeature: () => say("No pick any more: the reply of %(name)s."),
};

const done = []; // what was done here, newest last: {number, answer}
// Counts what changes the cards; and what of it the server doesn't know yet.
export const since = { steps: 0, underway: 0 };

export async function underway(doing) {
  since.steps += 1;
  since.underway += 1;
  try {
    return await doing();
  } finally {
    since.steps += 1;
    since.underway -= 1;
  }
}

export const unreachable = () =>
  say("The server doesn't answer, or you are logged out: nothing was changed. Please try again.");

// Whether a reply that is decided so still belongs to what the page lists.
function stays(what) {
  return tab === "all" || (tab === "approved" && (what === "feature" || what === "unfeature"));
}

export function decide(card, what, more = {}) {
  if (card.classList.contains("is-gone")) {
    const why = card.querySelector(":scope > .card-message").textContent;
    queue.focusBeside(card);
    queue.tell(why);
    return;
  }
  const form = card.querySelector(".card-form");
  const button = form.querySelector(`button[name="decision"][value="${what}"]`);
  if (!button) {
    queue.tell(say("This can't be done with the reply as it is now."));
    return;
  }
  const fields = new FormData(form);
  for (const [name, value] of Object.entries({ decision: what, ...more })) fields.set(name, value);
  const number = card.dataset.reply;
  queue.focusBeside(card);
  if (!stays(what)) queue.stepAside(card);
  queue.tell(named(DONE[what](), card));
  const sent = inTurn(() => post(form.action, fields));
  const answer = underway(() =>
    sent.then(
      (told) => settle(number, told, what),
      (error) => refuse(number, error),
    ),
  );
  done.push({ number, answer });
}

// What the server made of it: the numbers of its decisions, or null where it refused.
async function settle(number, told, what) {
  const card = queue.cardWith(number);
  if (!told.problem && told.status === 200) {
    if (told.told) queue.tell(told.text);
    if (stays(what)) await queue.drawAgain(number);
    return told.decisions;
  }
  const text = told.text ?? unreachable();
  if (card && told.problem === "decided") queue.letGo(card, text);
  else if (card && told.problem === "changed") await queue.drawAgain(number, text);
  else if (card) queue.bringBack(card, text);
  queue.tell(card ? `${named(say("The reply of %(name)s:"), card)} ${text}` : text);
  rescue();
  return null;
}

function refuse(number, error) {
  if (!(error instanceof Unreachable)) throw error;
  const card = queue.cardWith(number);
  if (card) queue.bringBack(card, unreachable());
  queue.tell(unreachable());
  rescue();
  return null;
}

// Who had come to the end of the list goes on with what came back.
function rescue() {
  if (document.activeElement?.matches(".queue-empty, body")) queue.move(1);
}

// What a form in a card has done can be taken back like a decision.
export function remember(number, decisions) {
  done.push({ number, answer: Promise.resolve(decisions) });
}

export const undo = () => underway(takeBack);

async function takeBack() {
  const last = done.pop();
  let card = last && queue.cardWith(last.number);
  const was = card?.hidden;
  if (card) {
    queue.bringBack(card);
    queue.focusOn(card);
  }
  const decisions = last ? await last.answer : [];
  if (!decisions) return; // it was refused, which was told
  if (last && !decisions.length) {
    if (card) queue.stepAside(card);
    queue.tell(say("This can't be taken back."));
    rescue();
    return;
  }
  try {
    const told = await inTurn(() => post(undoUrl, decisions.map((each) => ["decision", each])));
    queue.tell(told.text);
    card = card?.isConnected ? card : told.reply && queue.cardWith(told.reply);
    if (told.problem) {
      if (card && told.problem === "decided") queue.letGo(card, told.text);
      else if (card && was) queue.stepAside(card);
      rescue();
    } else if (!was || told.seen !== card.dataset.seen) {
      const drawn = await queue.drawAgain(told.reply);
      if (drawn) queue.focusOn(drawn);
    }
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    if (last) done.push(last);
    if (card && was) queue.stepAside(card);
    queue.tell(unreachable());
    rescue();
  }
}

// --- With the mouse ------------------------------------------------------------------------------

queue.list.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (!form.matches(".card-form") || submitter?.name !== "decision") return;
  event.preventDefault();
  decide(queue.cardOf(form), submitter.value);
});

document.querySelector(".queue-undo").addEventListener("submit", (event) => {
  event.preventDefault();
  undo();
});
