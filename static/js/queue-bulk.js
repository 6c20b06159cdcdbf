// Selecting cards of the queue for a decision on many: a range with Shift, all of the page, and
// how many are selected.

const form = document.getElementById("bulk");
const cards = document.getElementById("cards");
const details = document.getElementById("bulk-details");
const count = document.getElementById("bulk-count");
const page = document.querySelector("#bulk-page input");
const way = form.elements.chosen;
let last = null; // the box that was clicked before

function boxes() {
  return [...cards.querySelectorAll('input[name="reply"]')];
}

function show() {
  const all = boxes();
  const selected = all.filter((box) => box.checked).length;
  const words = selected === 1 ? count.dataset.one : count.dataset.many.replace("%s", selected);
  count.textContent = selected ? words : "";
  form.classList.toggle("has-selection", selected > 0);
  page.checked = selected > 0 && selected === all.length;
  page.indeterminate = selected > 0 && selected < all.length;
  if (selected) {
    way.value = "hand";
    details.open = true;
  }
}

function between(one, other) {
  const all = boxes();
  const ends = [all.indexOf(one), all.indexOf(other)].sort((a, b) => a - b);
  return ends[0] < 0 ? [] : all.slice(ends[0], ends[1] + 1);
}

cards.addEventListener("click", (event) => {
  const box = event.target;
  if (!box.matches('input[name="reply"]')) return;
  if (event.shiftKey && last) {
    for (const each of between(last, box)) each.checked = box.checked;
  }
  last = box;
  show();
});

page.addEventListener("change", () => {
  for (const box of boxes()) box.checked = page.checked;
  show();
});

for (const field of [form.elements.first, form.elements.last]) {
  field.addEventListener("input", () => {
    way.value = "range";
  });
}

// Cards that were decided step aside, with their boxes.
new MutationObserver(show).observe(cards, { childList: true });

document.getElementById("bulk-page").hidden = false;
document.getElementById("bulk-shift").hidden = false;
show();
