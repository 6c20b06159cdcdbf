// A picture of the library in the text, with what it shows, its caption and its credit.

import { Node, pm } from "django-prose-editor/editor";
import { around, changeNode, goBehind, insertBlock, removeNode } from "newsroom/editor-blocks";
import { ask, element, say } from "newsroom/editor-dialog";
import { choosePicture } from "newsroom/picture-chooser";

const { NodeSelection, TextSelection } = pm.state;
const SOURCE = /^\/media\/[A-Za-z0-9_-]{20,64}\.(jpg|png|webp|avif|gif)$/;

export const isOurs = (img) => SOURCE.test(img?.getAttribute("src") ?? "");

// No alternative text at all waits for one; an empty one says that the picture is decorative.
const attributesOf = (img) => (isOurs(img) ? { src: img.getAttribute("src"), alt: img.getAttribute("alt") } : false);

export const Caption = Node.create({
  name: "caption",
  content: "text*",
  parseHTML: () => [],
  renderHTML: () => ["span", 0],
});

export const Credit = Node.create({
  name: "credit",
  content: "text*",
  marks: "",
  parseHTML: () => [{ tag: "figcaption > small" }],
  renderHTML: () => ["small", 0],
});

export const Picture = Node.create({
  name: "figure",
  group: "block",
  content: "caption credit",
  isolating: true,
  draggable: true,

  addAttributes() {
    return { src: { default: null, rendered: false }, alt: { default: null, rendered: false } };
  },

  parseHTML() {
    const nothing = () => element("figcaption");
    return [
      {
        tag: "figure",
        getAttrs: (figure) => attributesOf(figure.querySelector("img")),
        contentElement: (figure) => figure.querySelector("figcaption") ?? nothing(),
      },
      { tag: "img", getAttrs: attributesOf, contentElement: nothing },
    ];
  },

  renderHTML({ node }) {
    const { src, alt } = node.attrs;
    return ["figure", ["img", { src, alt }], ["figcaption", 0]];
  },

  addNodeView() {
    return ({ node, editor, getPos }) => new FigureView(node, editor, getPos);
  },

  addKeyboardShortcuts() {
    return {
      Enter: () => goOn(this.editor),
      Backspace: () => selectFigure(this.editor),
    };
  },
});

class FigureView {
  constructor(node, editor, getPos) {
    this.img = element("img", { draggable: false });
    this.shows = element("span", { className: "editor-figure-shows" });
    const describe = element("button", { type: "button", className: "button" }, say("Describe the picture"));
    const replace = element("button", { type: "button", className: "button" }, say("Replace"));
    const remove = element("button", { type: "button", className: "button" }, say("Remove"));
    describe.addEventListener("click", () => describePicture(editor, getPos()));
    replace.addEventListener("click", () => replacePicture(editor, getPos()));
    remove.addEventListener("click", () => removeNode(editor, getPos()));
    const buttons = element("span", { className: "editor-figure-buttons" }, describe, replace, remove);
    const tools = element("div", { className: "editor-figure-tools", contentEditable: "false" }, this.shows, buttons);
    this.contentDOM = element("figcaption");
    this.dom = element("figure", { className: "editor-figure" }, this.img, tools, this.contentDOM);
    this.draw(node);
  }

  draw({ attrs: { src, alt } }) {
    if (this.img.getAttribute("src") !== src) this.img.src = src;
    this.img.alt = alt ?? "";
    this.shows.classList.toggle("is-missing", alt === null);
    if (alt === null) this.shows.textContent = say("Its alternative text is missing.");
    else this.shows.textContent = alt ? `${say("Alternative text:")} ${alt}` : say("Decorative: passed over by screen readers.");
  }

  update(node) {
    if (node.type.name !== "figure") return false;
    this.draw(node);
    return true;
  }

  stopEvent(event) {
    return event.target.closest?.(".editor-figure-tools") != null;
  }

  ignoreMutation(mutation) {
    return mutation.type !== "selection" && !this.contentDOM.contains(mutation.target);
  }
}

export const libraryOf = (editor) => editor.view.dom.closest(".prose-editor").querySelector("textarea").dataset.libraryUrl;

const describing = (alt) => [
  {
    name: "alt",
    label: say("Alternative text"),
    type: "textarea",
    value: alt ?? "",
    help: say("What the picture shows, for those who can't see it."),
  },
  {
    name: "isDecorative",
    label: say("Decorative: it tells nothing that the text does not"),
    type: "checkbox",
    value: alt === "",
  },
];

const described = ({ alt, isDecorative }) => (isDecorative ? "" : alt.replace(/\s+/g, " ") || null);

export async function insertPicture(editor) {
  const image = await choosePicture({ libraryUrl: libraryOf(editor) });
  const values =
    image &&
    (await ask({
      title: say("Picture"),
      submit: say("Insert"),
      fields: [
        ...describing(image.alt || null),
        { name: "caption", label: say("Caption"), value: image.caption },
        { name: "credit", label: say("Credit"), value: image.credit },
      ],
    }));
  if (!values) {
    editor.view.focus();
    return;
  }
  const { schema } = editor.state;
  const words = (text) => (text ? schema.text(text) : null);
  const figure = schema.nodes.figure.create({ src: image.src, alt: described(values) }, [
    schema.nodes.caption.create(null, words(values.caption)),
    schema.nodes.credit.create(null, words(values.credit)),
  ]);
  insertBlock(editor, figure);
}

async function describePicture(editor, position) {
  const { alt } = editor.state.doc.nodeAt(position).attrs;
  const values = await ask({ title: say("Picture"), submit: say("Save"), fields: describing(alt) });
  if (values) changeNode(editor, position, { alt: described(values) });
  else editor.view.focus();
}

async function replacePicture(editor, position) {
  const image = await choosePicture({ libraryUrl: libraryOf(editor) });
  if (image) changeNode(editor, position, { src: image.src, alt: image.alt || null });
  else editor.view.focus();
}

// Enter goes from the caption to the credit, and from there behind the picture; on the selected
// picture it describes it.
function goOn(editor) {
  const { state, view } = editor;
  const { $from, node } = state.selection;
  if (node?.type.name === "figure") {
    describePicture(editor, state.selection.from);
    return true;
  }
  const figure = around(state, "figure");
  if (!figure) return false;
  if ($from.parent.type.name === "credit") return goBehind(editor, figure);
  view.dispatch(state.tr.setSelection(TextSelection.create(state.doc, $from.after() + 1)));
  return true;
}

function selectFigure(editor) {
  const { state, view } = editor;
  const { $from, empty } = state.selection;
  const figure = around(state, "figure");
  if (!figure || !empty || $from.parent.type.name !== "caption" || $from.parentOffset > 0) return false;
  view.dispatch(state.tr.setSelection(NodeSelection.create(state.doc, figure.position)));
  return true;
}
