// Links in the text, and cards that are a link: the editor's way to embed.

import { Link as BaseLink, Node } from "django-prose-editor/editor";
import { addressOf, around, changeNode, insertBlock, removeNode, wrongAddress } from "newsroom/editor-blocks";
import { ask, element, say } from "newsroom/editor-dialog";
import { isOurs, libraryOf } from "newsroom/editor-picture";
import { choosePicture } from "newsroom/picture-chooser";

// --- Links ---

export const Link = BaseLink.extend({
  addKeyboardShortcuts() {
    return {
      "Mod-k": () => {
        editLink(this.editor);
        return true;
      },
    };
  },
});

export async function editLink(editor) {
  const isLink = editor.isActive("link");
  if (isLink) editor.chain().extendMarkRange("link").run();
  const needsText = !isLink && editor.state.selection.empty;
  const address = {
    name: "href",
    label: say("Address"),
    value: editor.getAttributes("link").href ?? "",
    required: true,
    check: wrongAddress,
  };
  const text = { name: "text", label: say("Text"), required: true };
  const values = await ask({
    title: say("Link"),
    submit: isLink ? say("Save") : say("Insert"),
    fields: needsText ? [text, address] : [address],
  });
  if (!values) {
    editor.view.focus();
    return;
  }
  const href = addressOf(values.href);
  if (needsText) {
    const { schema, tr } = editor.state;
    editor.view.dispatch(tr.replaceSelectionWith(schema.text(values.text, [schema.marks.link.create({ href })]), false));
    editor.view.focus();
  } else {
    const end = editor.state.selection.to;
    editor.chain().focus().setLink({ href }).setTextSelection(end).run();
  }
}

// --- Cards ---

export const LinkCard = Node.create({
  name: "linkCard",
  group: "block",
  atom: true,
  draggable: true,

  addAttributes() {
    return {
      href: { default: "", rendered: false },
      title: { default: "", rendered: false },
      src: { default: null, rendered: false },
    };
  },

  parseHTML() {
    return [{ tag: "aside", getAttrs: (aside) => cardOf(aside) }];
  },

  renderHTML({ node }) {
    const { href, title, src } = node.attrs;
    const picture = src ? [["img", { src, alt: "" }]] : []; // the title beside it says what it is
    return ["aside", ...picture, ["a", { href }, title]];
  },

  addNodeView() {
    return ({ node, editor, getPos }) => new CardView(node, editor, getPos);
  },

  addKeyboardShortcuts() {
    return {
      Enter: () => {
        const { node, from } = this.editor.state.selection;
        if (node?.type.name !== "linkCard") return false;
        editCard(this.editor, from);
        return true;
      },
    };
  },
});

function cardOf(aside) {
  const links = aside.querySelectorAll("a[href]");
  const title = aside.textContent.trim();
  if (links.length !== 1 || !title || links[0].textContent.trim() !== title) return false;
  const picture = Array.from(aside.querySelectorAll("img")).find(isOurs);
  return { href: links[0].getAttribute("href"), title, src: picture?.getAttribute("src") ?? null };
}

class CardView {
  constructor(node, editor, getPos) {
    this.img = element("img", { alt: "", draggable: false });
    this.title = element("strong");
    this.host = element("span", { className: "editor-card-host" });
    const words = element("span", { className: "editor-card-words" }, this.title, " ", this.host);
    const button = (label, act) => {
      const made = element("button", { type: "button", className: "button" }, label);
      made.addEventListener("click", () => act(editor, getPos()));
      return made;
    };
    this.unpicture = button(say("Remove picture"), (_, position) => changeNode(editor, position, { src: null }));
    const buttons = element(
      "span",
      { className: "editor-card-buttons" },
      button(say("Edit"), editCard),
      button(say("Picture …"), pictureCard),
      this.unpicture,
      button(say("Remove"), removeNode),
    );
    this.dom = element("div", { className: "editor-card", contentEditable: "false" }, this.img, words, buttons);
    this.update(node);
  }

  update(node) {
    if (node.type.name !== "linkCard") return false;
    const { src, title } = node.attrs;
    if (src && this.img.getAttribute("src") !== src) this.img.src = src;
    this.img.hidden = this.unpicture.hidden = !src;
    this.title.textContent = title;
    this.host.textContent = URL.canParse(node.attrs.href) ? new URL(node.attrs.href).host : node.attrs.href;
    return true;
  }

  stopEvent(event) {
    return event.target.closest?.("button") != null;
  }

  ignoreMutation() {
    return true;
  }
}

const cardFields = ({ href = "", title = "" }) => [
  { name: "title", label: say("Title"), value: title, required: true, help: say("What readers find there.") },
  { name: "href", label: say("Address"), value: href, required: true, check: wrongAddress },
];

export async function insertCard(editor) {
  const values = await ask({ title: say("Link card"), submit: say("Insert"), fields: cardFields({}) });
  if (!values) {
    editor.view.focus();
    return;
  }
  const attributes = { title: values.title, href: addressOf(values.href) };
  insertBlock(editor, editor.schema.nodes.linkCard.create(attributes));
}

export function editSelectedCard(editor) {
  const card = around(editor.state, "linkCard");
  return card ? editCard(editor, card.position) : insertCard(editor);
}

async function editCard(editor, position) {
  const fields = cardFields(editor.state.doc.nodeAt(position).attrs);
  const values = await ask({ title: say("Link card"), submit: say("Save"), fields });
  if (values) changeNode(editor, position, { title: values.title, href: addressOf(values.href) });
  else editor.view.focus();
}

async function pictureCard(editor, position) {
  const image = await choosePicture({ libraryUrl: libraryOf(editor) });
  if (image) changeNode(editor, position, { src: image.src });
  else editor.view.focus();
}
