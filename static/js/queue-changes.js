// The forms of a card: taking something out of the text, a note, the sender, an answer.

import * as queue from "newsroom/queue-cards";
import { remember, underway, unreachable } from "newsroom/queue-deciding";
import { Unreachable, asElement, get, inTurn, post, say } from "newsroom/queue-server";

const FIRST = 'textarea, input[type="radio"]:checked, input:not([type="hidden"])';

// Nothing is lost where the server doesn't answer.
async function reaching(doing) {
  try {
    return await doing();
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    queue.tell(unreachable());
    return null;
  }
}

// While a form is on its way, what is typed is meant for it, and no command.
export const isOpening = () => opening;
let opening = false;

export async function open(card, name) {
  const link = card.querySelector(`[data-change="${name}"]`);
  if (!link) {
    queue.tell(say("This can't be done with the reply as it is now."));
    return;
  }
  if (!close(card)) return;
  opening = true;
  const told = await reaching(() => get(link.href)).finally(() => {
    opening = false;
  });
  if (told?.html) draw(card, link, told.html);
  else if (told) queue.tell(told.text);
}

function draw(card, link, html) {
  const form = asElement(html);
  const old = card.querySelector(":scope > .change");
  if (old) old.replaceWith(form);
  else card.append(form);
  form.dataset.typed = typedIn(form);
  for (const each of card.querySelectorAll("[data-change]")) each.removeAttribute("aria-expanded");
  link?.setAttribute("aria-expanded", "true");
  form.scrollIntoView({ block: "nearest" });
  (form.querySelector("[aria-invalid=true]") ?? form.querySelector(FIRST)).focus();
}

const typedIn = (form) => new URLSearchParams([...new FormData(form)].slice(1)).toString();

// False where something is typed in it: then the next time closes it.
export function close(card) {
  const form = card.querySelector(":scope > .change");
  if (!form) return true;
  if (form.dataset.typed !== typedIn(form)) {
    form.dataset.typed = typedIn(form);
    queue.tell(say("What you typed isn't saved. Press Escape again to let it go."));
    return false;
  }
  form.remove();
  for (const each of card.querySelectorAll("[data-change]")) each.removeAttribute("aria-expanded");
  return true;
}

const send = (card, form) => underway(() => save(card, form));

async function save(card, form) {
  const number = card.dataset.reply;
  const button = form.querySelector("button");
  if (button.disabled) return;
  button.disabled = true;
  const fields = [...new FormData(form)];
  const told = await reaching(() => inTurn(() => post(form.action, fields)));
  button.disabled = false;
  if (!told) return;
  if (told.html) {
    const name = new URL(form.action).pathname.split("/").at(-2);
    draw(card, card.querySelector(`[data-change="${name}"]`), told.html);
    return;
  }
  queue.tell(told.text);
  if (told.problem) {
    form.remove();
    await reaching(() => queue.drawAgain(number, told.text));
    return;
  }
  if (told.decisions.length) remember(number, told.decisions);
  form.remove();
  // With its answer the reply was let out.
  if (told.seen.split(".")[0] !== card.dataset.seen.split(".")[0]) {
    queue.focusBeside(card);
    queue.stepAside(card);
    return;
  }
  queue.focusOn(card);
  await reaching(() => queue.drawAgain(number));
}

queue.list.addEventListener("submit", (event) => {
  if (!event.target.matches(".change")) return;
  event.preventDefault();
  send(queue.cardOf(event.target), event.target);
});

queue.list.addEventListener("keydown", (event) => {
  const form = event.target.closest(".change");
  if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});

queue.list.addEventListener("click", (event) => {
  const link = event.target.closest("[data-change]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  open(queue.cardOf(link), link.dataset.change);
});
