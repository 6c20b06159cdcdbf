// Keys for the wire desk. Everything they do has a button or a link.

const list = document.querySelector(".wire-cards");
const cards = list ? Array.from(list.querySelectorAll(".wire-card")) : [];

function current() {
  return document.activeElement?.closest(".wire-card");
}

function go(step) {
  const at = cards.indexOf(current());
  const next = at < 0 ? 0 : Math.min(Math.max(at + step, 0), cards.length - 1);
  cards[next]?.focus();
}

const press = (within, key) => within?.querySelector(`[data-key="${key}"]`)?.click();

const keys = {
  j: () => go(1),
  k: () => go(-1),
  t: () => press(current(), "t"),
  l: () => press(current(), "l"),
  x: () => current()?.querySelector('input[type="checkbox"]')?.click(),
  o: () => current()?.querySelector("h2 a")?.click(),
  z: () => press(document.querySelector(".wire-done"), "z"),
};

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]");
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || isTyping) return;
  const act = keys[event.key];
  if (!act || (event.repeat && event.key !== "j" && event.key !== "k")) return;
  event.preventDefault();
  act();
});

if (list?.dataset.keys) {
  const hint = document.createElement("p");
  hint.className = "wire-keys";
  hint.textContent = list.dataset.keys;
  list.before(hint);
}
