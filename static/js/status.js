// Says how many minutes are left for changing a reply. Screen readers are told of the last one and
// of the end alone. The server keeps the time.
const minutes = document.getElementById("minutes-left");
const short = document.getElementById("time-short");

function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function tell() {
  const seconds = (Date.parse(minutes.dataset.until) - Date.now()) / 1000;
  const left = Math.floor(seconds / 60);
  say(minutes, left > 0 ? minutes.dataset.text.replace("%s", left) : "");
  say(short, left > 0 ? "" : seconds > 0 ? short.dataset.soon : short.dataset.over);
  if (seconds > 0) setTimeout(tell, 1000);
}

// A clock that is wrong would tell wrong times.
if (minutes && Date.parse(minutes.dataset.until) - Date.now() < 6 * 60 * 1000) tell();

// After a refused change, a screen reader and the keyboard start at what went wrong.
document.getElementById("errors")?.focus();

// The reply of this page needs no other way to it: see own-reply.js.
try {
  sessionStorage.removeItem("reply-sent");
} catch {
  // Storage is forbidden here.
}
