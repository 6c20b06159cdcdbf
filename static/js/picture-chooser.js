// A dialog with the library, in which a picture is found or uploaded, and chosen.

import { takeFiles, uploadPictures } from "newsroom/picture-upload";

const say = (text) => window.gettext?.(text) ?? text;
const WAIT = 250; // milliseconds after the last key of a search

// Resolves to the picture as the library tells it, or to null where none was chosen.
export function choosePicture({ libraryUrl }) {
  return new Promise((resolve) => new Chooser(libraryUrl, resolve).open());
}

class Chooser {
  constructor(libraryUrl, resolve) {
    this.libraryUrl = new URL(libraryUrl, document.baseURI);
    this.uploadUrl = new URL("add/", this.libraryUrl).href;
    this.resolve = resolve;
    this.chosen = null;
    this.asked = 0;
    this.build();
  }

  build() {
    this.dialog = element("dialog", { className: "picture-chooser" });
    this.dialog.setAttribute("aria-label", say("Choose a picture"));
    const head = element("div", { className: "picture-chooser-head" });
    const heading = element("h2", { textContent: say("Choose a picture") });
    const close = element("button", { type: "button", className: "picture-chooser-close", textContent: say("Close") });
    close.addEventListener("click", () => this.dialog.close());
    head.append(heading, close);

    this.search = element("input", { type: "search", placeholder: say("Search the library") });
    this.search.setAttribute("aria-label", say("Search the library"));
    this.search.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.load(1), WAIT);
    });
    this.search.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // nothing of the form around the dialog is sent
      clearTimeout(this.timer);
      this.load(1);
    });

    this.upload = this.buildUpload();
    this.said = element("p", { className: "picture-chooser-said" });
    this.said.setAttribute("role", "status");
    this.grid = element("ul", { className: "picture-grid" });
    this.more = element("button", { type: "button", className: "button", textContent: say("More pictures"), hidden: true });
    this.more.addEventListener("click", () => this.load(this.next));
    this.dialog.append(head, this.upload, this.search, this.said, this.grid, this.more);
    this.dialog.addEventListener("close", () => {
      this.dialog.remove();
      this.resolve(this.chosen);
    });
  }

  buildUpload() {
    const area = element("div", { className: "picture-drop", hidden: true });
    const label = element("label", { className: "button" });
    const input = element("input", { type: "file", multiple: true, accept: "image/jpeg,image/png,image/webp,image/avif,image/gif" });
    label.append(say("Upload pictures"), input);
    const hint = element("span", { className: "picture-drop-hint", textContent: say("or drop or paste them here") });
    const list = element("ul", { className: "uploads" });
    list.setAttribute("aria-live", "polite");
    area.append(label, hint, list);
    const take = async (files) => {
      const done = await uploadPictures(files, { uploadUrl: this.uploadUrl, list, each: (image) => this.add(image, true) });
      if (files.length === 1 && done.images.length === 1) this.choose(done.images[0]);
    };
    input.addEventListener("change", () => {
      take(Array.from(input.files));
      input.value = "";
    });
    takeFiles(this.dialog, { within: this.dialog, take });
    return area;
  }

  open() {
    document.body.append(this.dialog);
    this.dialog.showModal();
    this.search.focus();
    this.load(1);
  }

  async load(page) {
    const asked = (this.asked += 1);
    const url = new URL(this.libraryUrl);
    url.searchParams.set("q", this.search.value);
    url.searchParams.set("page", page);
    let answer = null;
    try {
      const response = await fetch(url, { headers: { Accept: "application/json" } });
      if (response.ok && !response.redirected) answer = await response.json();
    } catch {
      // told below
    }
    if (asked !== this.asked) return; // a later search is on its way
    if (!answer) {
      this.said.textContent = say("The library can't be reached. Your text is untouched: try again.");
      return;
    }
    this.upload.hidden = !answer.may_upload;
    if (page === 1) this.grid.replaceChildren();
    const first = this.grid.childElementCount;
    for (const image of answer.images) this.add(image, false);
    this.next = answer.next;
    this.more.hidden = !answer.next;
    this.said.textContent = this.grid.childElementCount ? "" : say("No picture was found.");
    if (page > 1) this.grid.children[first]?.querySelector("button").focus();
  }

  add(image, isFirst) {
    const item = element("li", {});
    const button = element("button", { type: "button", className: "picture-tile" });
    const shown = element("img", { src: image.thumbnail, alt: image.alt, loading: "lazy", width: image.width, height: image.height });
    const name = element("span", { className: "picture-tile-name", textContent: image.name });
    button.append(shown, name);
    button.addEventListener("click", () => this.choose(image));
    item.append(button);
    if (isFirst) this.grid.prepend(item);
    else this.grid.append(item);
  }

  choose(image) {
    this.chosen = image;
    this.dialog.close();
  }
}

function element(name, properties) {
  return Object.assign(document.createElement(name), properties);
}
