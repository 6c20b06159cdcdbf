// Tells the server which card is open, and shows what others do: how many wait, which cards they
// have open, and what they have decided or changed.

import * as queue from "newsroom/queue-cards";
import { since } from "newsroom/queue-deciding";
import { Unreachable, post } from "newsroom/queue-server";

const EVERY = 5000; // milliseconds, while the page is seen
const AFTER_MOVING = 1000;

const address = document.getElementById("queue-work").dataset.pulse;

let timer;

function later(milliseconds) {
  clearTimeout(timer);
  timer = setTimeout(beat, milliseconds);
}

async function beat() {
  if (document.visibilityState === "visible") await ask();
  later(EVERY);
}

async function ask() {
  // Of what is underway here the server doesn't know yet.
  const shown = since.underway ? [] : queue.cards();
  const steps = since.steps;
  const fields = [
    ["open", queue.atHand()?.dataset.reply ?? ""],
    ["cards", shown.map((card) => `${card.dataset.reply}:${card.dataset.seen}`).join(" ")],
  ];
  let told;
  try {
    told = await post(address, fields);
  } catch (error) {
    if (error instanceof Unreachable) return; // whoever decides is told
    throw error;
  }
  if (!told.counts) return;
  for (const [tab, count] of Object.entries(told.counts)) write(tab, count);
  for (const card of shown) mark(card, told.open[card.dataset.reply]);
  // What was done here meanwhile, the answer doesn't know.
  if (steps !== since.steps) return;
  for (const [number, { problem, text }] of Object.entries(told.changed)) {
    const card = queue.cardWith(number);
    if (!card || card.hidden) continue;
    if (problem === "decided" && card === queue.atHand()) queue.tell(text);
    if (problem === "decided") queue.letGo(card, text);
    else if (!card.querySelector(":scope > .change")) await again(number, text);
  }
}

async function again(number, text) {
  try {
    await queue.drawAgain(number, text);
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
  }
}

function write(tab, count) {
  const place = document.querySelector(`[data-tab="${tab}"] .count`);
  if (place && place.textContent !== count) place.textContent = count;
}

function mark(card, text) {
  let line = card.querySelector(":scope > .card-open");
  if (!line && text) {
    line = Object.assign(document.createElement("p"), { className: "card-open" });
    card.querySelector(".card-head").after(line);
  }
  if (line) line.textContent = text ?? "";
  if (line) line.hidden = !text;
}

queue.list.addEventListener("focusin", () => later(AFTER_MOVING));
document.addEventListener("visibilitychange", () => later(AFTER_MOVING));
later(AFTER_MOVING);
