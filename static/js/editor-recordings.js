// A sound or a film in the text, with its caption. They come in with pieces of other sites; here
// they can be moved, described and taken out.

import { Node } from "django-prose-editor/editor";
import { changeNode, removeNode } from "newsroom/editor-blocks";
import { ask, element, say } from "newsroom/editor-dialog";

const SOURCE = /^\/media\/[0-9a-f]{32}\.(flac|m4a|mp3|mp4|ogg|ogv|wav|webm)$/;

function attributesOf(figure) {
  const player = figure.matches("audio, video") ? figure : figure.querySelector("audio, video");
  const src = player?.getAttribute("src") ?? "";
  if (!SOURCE.test(src)) return false;
  const caption = figure.querySelector("figcaption")?.textContent.trim() ?? "";
  return { tag: player.localName, src, poster: player.getAttribute("poster"), caption };
}

export const Recording = Node.create({
  name: "recording",
  group: "block",
  atom: true,
  draggable: true,

  addAttributes() {
    return {
      tag: { default: "audio", rendered: false },
      src: { default: "", rendered: false },
      poster: { default: null, rendered: false },
      caption: { default: "", rendered: false },
    };
  },

  parseHTML() {
    // Before the pictures: a film may stand in a figure with one.
    return ["figure", "audio", "video"].map((tag) => ({ tag, priority: 60, getAttrs: attributesOf }));
  },

  renderHTML({ node }) {
    const { tag, src, poster, caption } = node.attrs;
    const player = [tag, { controls: "", preload: "metadata", src, ...(poster ? { poster } : {}) }];
    return caption ? ["figure", player, ["figcaption", caption]] : ["figure", player];
  },

  addNodeView() {
    return ({ node, editor, getPos }) => new RecordingView(node, editor, getPos);
  },

  addKeyboardShortcuts() {
    return {
      Enter: () => {
        const { node, from } = this.editor.state.selection;
        if (node?.type.name !== "recording") return false;
        describe(this.editor, from);
        return true;
      },
    };
  },
});

class RecordingView {
  constructor(node, editor, getPos) {
    const { tag, src, poster } = node.attrs;
    const player = element(tag, { controls: true, preload: "metadata", src, ...(poster ? { poster } : {}) });
    const edit = element("button", { type: "button", className: "button" }, say("Caption"));
    const remove = element("button", { type: "button", className: "button" }, say("Remove"));
    edit.addEventListener("click", () => describe(editor, getPos()));
    remove.addEventListener("click", () => removeNode(editor, getPos()));
    this.words = element("span", { className: "editor-figure-shows" });
    const buttons = element("span", { className: "editor-figure-buttons" }, edit, remove);
    const tools = element("div", { className: "editor-figure-tools" }, this.words, buttons);
    this.dom = element("div", { className: "editor-recording", contentEditable: "false" }, player, tools);
    this.src = src;
    this.update(node);
  }

  update(node) {
    if (node.type.name !== "recording" || node.attrs.src !== this.src) return false;
    this.words.textContent = node.attrs.caption;
    return true;
  }

  stopEvent(event) {
    return event.target.closest?.("button, audio, video") != null;
  }

  ignoreMutation() {
    return true;
  }
}

async function describe(editor, position) {
  const { caption } = editor.state.doc.nodeAt(position).attrs;
  const field = { name: "caption", label: say("Caption"), value: caption };
  const values = await ask({ title: say("Recording"), submit: say("Save"), fields: [field] });
  if (values) changeNode(editor, position, { caption: values.caption });
  else editor.view.focus();
}
