// The page of one batch: asks every second how far it has got, and says when it is done.

const EVERY = 1000; // milliseconds
const live = document.getElementById("batch-live");
let told = 0; // the last quarter that was said

function shown() {
  return document.getElementById("batch");
}

function isAtWork() {
  return "atWork" in shown().dataset;
}

async function fetched() {
  const response = await fetch(location.href, {
    credentials: "same-origin",
    headers: { "X-Requested-With": "fetch" },
  });
  if (!response.ok || response.redirected) return null;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return page.getElementById("batch");
}

// Who stands on a button that is still there stays on it.
function replace(now) {
  const focused = document.activeElement?.id;
  const stood = shown().contains(document.activeElement);
  shown().replaceWith(now);
  if (!stood) return;
  const again = document.getElementById(focused) || now.querySelector("button");
  again?.focus();
}

function say(now) {
  const bar = now.querySelector("progress");
  const quarter = Math.floor((bar.value / bar.max) * 4);
  if (quarter === told && isAtWork()) return;
  told = quarter;
  const state = now.querySelector("strong").textContent;
  live.textContent = `${state}: ${now.querySelector("#batch-told").textContent}`;
}

async function look() {
  try {
    const now = await fetched();
    if (now) {
      replace(now);
      say(now);
    }
  } catch {
    // Without a connection the next look may find one.
  }
  if (isAtWork()) setTimeout(look, EVERY);
}

// A few replies are decided before the page is there.
if (isAtWork()) setTimeout(look, EVERY);
else say(shown());
