// Sends files to the library, one after the other, and tells how far each is.

const say = (text) => window.gettext?.(text) ?? text;

// What a drop or a paste holds of files.
export function filesOf(transfer) {
  return Array.from(transfer?.files ?? []);
}

// Resolves to {image} or {reason}; `progress` is called with a number from 0 to 1.
export function uploadPicture(file, uploadUrl, progress = () => {}) {
  return new Promise((resolve) => {
    const form = new FormData();
    form.append("files", file, file.name || "picture");
    const request = new XMLHttpRequest();
    request.open("POST", uploadUrl);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRFToken", token());
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) progress(event.loaded / event.total);
    });
    request.addEventListener("load", () => resolve(answerOf(request)));
    request.addEventListener("error", () => resolve({ reason: say("The connection was lost. Try again.") }));
    request.send(form);
  });
}

function answerOf(request) {
  const answer = request.response;
  if (answer?.images?.length) return { image: answer.images[0] };
  if (answer?.refused?.length) return { reason: answer.refused[0].reason };
  return { reason: say("It could not be uploaded. Open the page again and log in.") };
}

function token() {
  return document.querySelector('input[name="csrfmiddlewaretoken"]')?.value ?? "";
}

// Uploads `files` with a line for each in `list`, an <ul>. Calls `each` with every picture that is
// in. Resolves, when all are done, to {images, refused}.
export async function uploadPictures(files, { uploadUrl, list, each = () => {} }) {
  const lines = files.map((file) => lineFor(file, list));
  const done = { images: [], refused: [] };
  for (const [index, file] of files.entries()) {
    const { item, bar, state } = lines[index];
    state.textContent = "";
    const answer = await uploadPicture(file, uploadUrl, (part) => {
      bar.value = part;
      if (part === 1) state.textContent = say("is being read …");
    });
    bar.remove();
    if (answer.reason) {
      item.classList.add("is-refused");
      state.textContent = answer.reason;
      done.refused.push(file.name);
    } else {
      item.classList.add("is-in");
      state.textContent = answer.image.is_new ? say("is in") : say("is in the library already");
      done.images.push(answer.image);
      each(answer.image, item);
    }
  }
  return done;
}

function lineFor(file, list) {
  const item = document.createElement("li");
  const name = document.createElement("span");
  name.className = "upload-name";
  name.textContent = file.name || say("Pasted picture");
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", name.textContent);
  const state = document.createElement("span");
  state.className = "upload-state";
  state.textContent = say("waits");
  item.append(name, bar, state);
  list.append(item);
  return { item, bar, state };
}

// Makes `area` take files that are dropped on it, and `within` files that are pasted there.
export function takeFiles(area, { within = document, take }) {
  let depth = 0;
  const mark = (by) => {
    depth = Math.max(0, depth + by);
    area.classList.toggle("is-over", depth > 0);
  };
  area.addEventListener("dragenter", () => mark(1));
  area.addEventListener("dragleave", () => mark(-1));
  area.addEventListener("dragover", (event) => event.preventDefault());
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    depth = 0;
    mark(0);
    const files = filesOf(event.dataTransfer);
    if (files.length) take(files);
  });
  within.addEventListener("paste", (event) => {
    const files = filesOf(event.clipboardData);
    if (!files.length) return;
    event.preventDefault();
    take(files);
  });
}
