// The upload form of the library: files are chosen, dropped or pasted, and show how far they are.

import { takeFiles, uploadPictures } from "newsroom/picture-upload";

const area = document.querySelector("form.picture-drop");
if (area) enhance(area);

function enhance(form) {
  const input = form.querySelector('input[type="file"]');
  const list = form.querySelector(".uploads");
  const grid = document.getElementById("pictures");
  form.querySelector('input[type="submit"]').hidden = true;
  form.querySelector(".picture-drop-hint").hidden = false;
  let queue = Promise.resolve();

  const take = (files) => {
    queue = queue.then(() => uploadPictures(files, { uploadUrl: form.action, list, each: show }));
  };
  const show = (image, item) => {
    const link = Object.assign(document.createElement("a"), { href: image.address, textContent: image.name });
    item.querySelector(".upload-name").replaceChildren(link);
    for (const there of grid.querySelectorAll(`a[href="${image.address}"]`)) there.parentElement.remove();
    grid.prepend(tile(image));
    document.querySelector(".picture-none")?.remove();
  };
  input.addEventListener("change", () => {
    take(Array.from(input.files));
    input.value = "";
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  takeFiles(form, { take });
}

function tile(image) {
  const link = Object.assign(document.createElement("a"), { className: "picture-tile", href: image.address });
  const shown = Object.assign(document.createElement("img"), { src: image.thumbnail, alt: image.alt, width: image.width, height: image.height });
  const name = Object.assign(document.createElement("span"), { className: "picture-tile-name", textContent: image.name });
  link.append(shown, name);
  const item = document.createElement("li");
  item.append(link);
  return item;
}
