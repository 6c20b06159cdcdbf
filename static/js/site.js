// The switch of colours: light, dark, or as the device has it. scheme.js puts the choice in force.
const root = document.documentElement;
const choices = document.getElementById("scheme");

function show(scheme) {
  if (scheme) root.dataset.scheme = scheme;
  else delete root.dataset.scheme;
  for (const input of choices.querySelectorAll("input")) input.checked = input.value === scheme;
}

if (choices) {
  show(root.dataset.scheme ?? "");
  choices.hidden = false;
  choices.addEventListener("change", ({ target }) => {
    show(target.value);
    try {
      localStorage.setItem("scheme", target.value);
    } catch {
      // Then the choice holds for this page alone.
    }
  });
  // What is chosen in one window holds in the others.
  addEventListener("storage", ({ key, newValue }) => key === "scheme" && show(newValue ?? ""));
}

// "Share" by the device's own sheet, and "Copy link", each where the browser has it.
for (const share of document.querySelectorAll(".share")) {
  const sheet = share.querySelector(".share-sheet");
  const copy = share.querySelector(".share-copy");
  const said = share.querySelector("[role=status]");
  const url = location.href.split(/[?#]/)[0];
  const title = document.querySelector("h1").textContent;

  sheet.hidden = !navigator.share;
  copy.hidden = !navigator.clipboard;
  share.hidden = sheet.hidden && copy.hidden;
  sheet.addEventListener("click", async () => {
    try {
      await navigator.share({ title, url });
    } catch (error) {
      if (error.name !== "AbortError") throw error; // the reader called it off
    }
  });
  copy.addEventListener("click", async () => {
    said.textContent = "";
    try {
      await navigator.clipboard.writeText(url);
      said.textContent = share.dataset.copied;
    } catch {
      said.textContent = share.dataset.failed;
    }
  });
}
