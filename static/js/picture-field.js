// The lead picture in the form of a piece: chosen in the library, and its texts offered.

import { choosePicture } from "newsroom/picture-chooser";

const say = (text) => window.gettext?.(text) ?? text;

// The texts beside the picture, and where each begins.
const TEXTS = { lead_alt: "alt", lead_caption: "caption", lead_credit: "credit" };

for (const field of document.querySelectorAll(".picture-field")) enhance(field);

function enhance(field) {
  const input = field.querySelector("input[type='number']");
  if (!input) return;
  const current = field.querySelector(".picture-field-current");
  field.querySelector(".picture-field-number").hidden = true;

  const choose = button(say("Choose picture"));
  const remove = button(say("Remove picture"));
  const said = document.createElement("span");
  said.className = "picture-field-said";
  said.setAttribute("role", "status");
  const buttons = document.createElement("div");
  buttons.className = "picture-field-buttons";
  buttons.append(choose, remove, said);
  field.append(buttons);
  remove.hidden = !input.value;
  tellThatTextsWereOffered(input.form);

  choose.addEventListener("click", async () => {
    const image = await choosePicture({ libraryUrl: field.dataset.libraryUrl });
    choose.focus();
    if (!image) return;
    show(image, current, field);
    const old = current.textsOffered ?? {};
    write(input, String(image.id));
    for (const [name, text] of Object.entries(TEXTS)) offer(name, image[text], old[name]);
    current.textsOffered = Object.fromEntries(Object.entries(TEXTS).map(([name, text]) => [name, image[text]]));
    remove.hidden = false;
    said.textContent = `${say("Chosen:")} ${image.name}`;
  });
  remove.addEventListener("click", () => {
    current.replaceChildren();
    field.querySelector(".picture-field-note")?.remove();
    write(input, "");
    remove.hidden = true;
    said.textContent = say("No lead picture.");
    choose.focus();
  });
}

// The server fills in what it finds empty unless it is told that the texts were offered here.
function tellThatTextsWereOffered(form) {
  form?.addEventListener("submit", () => {
    const told = Object.assign(document.createElement("input"), { type: "hidden", name: "lead_texts_offered", value: "1" });
    form.append(told);
    setTimeout(() => told.remove());
  });
}

function show(image, current, field) {
  const link = Object.assign(document.createElement("a"), { href: image.address });
  const shown = document.createElement("img");
  shown.src = image.thumbnail;
  shown.alt = `${say("Picture:")} ${image.name}`;
  link.append(shown);
  current.replaceChildren(link);
  field.querySelector(".picture-field-note")?.remove();
}

// An empty field, or one that still holds what an earlier picture offered, takes the text.
function offer(name, text, old) {
  const input = document.querySelector(`[name="${name}"]`);
  if (input && (!input.value || input.value === old)) write(input, text);
}

function write(input, value) {
  input.value = value;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function button(text) {
  return Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: text });
}
