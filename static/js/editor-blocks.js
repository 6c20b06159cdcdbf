// What the blocks of the editor have in common: where they go, and what a link may lead to.

import { pm } from "django-prose-editor/editor";
import { say } from "newsroom/editor-dialog";

const { NodeSelection, TextSelection } = pm.state;

const ADDRESS = /^(https?:\/\/[^\s\\/]|mailto:\S|\/(?![/\\]))\S*$/i;

// The address as somebody means it who types example.org or desk@example.org.
export function addressOf(typed) {
  const address = typed.trim();
  if (ADDRESS.test(address) || /^[a-z][a-z0-9+.-]*:/i.test(address)) return address;
  if (/^[^\s/@]+@[^\s/@]+\.[^\s/@]+$/.test(address)) return `mailto:${address}`;
  return /^[^\s/]+\.[^\s/.]{2,}(\/\S*)?$/.test(address) ? `https://${address}` : address;
}

export const wrongAddress = (typed) =>
  ADDRESS.test(addressOf(typed)) ? "" : say("Give an address like https://example.org/page.");

// Put `node` behind the block with the caret, or in its place where that is an empty paragraph.
// The caret goes behind it, or with `inside` into it.
export function insertBlock(editor, node, { inside = false } = {}) {
  const { state, view } = editor;
  const { selection, doc, schema, tr } = state;
  const { $from } = selection;
  let from = selection.to;
  let to = from;
  if ($from.depth > 0) {
    const block = $from.node(1);
    to = $from.after(1);
    from = block.type.name === "paragraph" && !block.content.size ? $from.before(1) : to;
  }
  const isLast = to >= doc.content.size;
  tr.replaceWith(from, to, isLast ? [node, schema.nodes.paragraph.create()] : node);
  const target = tr.doc.resolve(inside ? from + 1 : from + node.nodeSize);
  tr.setSelection(TextSelection.near(target, 1));
  view.dispatch(tr.scrollIntoView());
  view.focus();
}

// Replace the attributes of the node at `position`, and leave it selected.
export function changeNode(editor, position, attributes) {
  const { state, view } = editor;
  const node = state.doc.nodeAt(position);
  const tr = state.tr.setNodeMarkup(position, undefined, { ...node.attrs, ...attributes });
  view.dispatch(tr.setSelection(NodeSelection.create(tr.doc, position)));
  view.focus();
}

export function removeNode(editor, position) {
  const { state, view } = editor;
  const tr = state.tr.delete(position, position + state.doc.nodeAt(position).nodeSize);
  view.dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve(Math.min(position, tr.doc.content.size)))));
  view.focus();
}

// The innermost node of this type around the caret, or the selected one: {node, position}, or null.
export function around(state, name) {
  const { selection } = state;
  if (selection.node?.type.name === name) return { node: selection.node, position: selection.from };
  for (let depth = selection.$from.depth; depth > 0; depth -= 1) {
    const node = selection.$from.node(depth);
    if (node.type.name === name) return { node, position: selection.$from.before(depth) };
  }
  return null;
}

// A new paragraph behind the node at `position`, with the caret in it.
export function goBehind(editor, { node, position }) {
  const { state, view } = editor;
  const end = position + node.nodeSize;
  const tr = state.tr.insert(end, state.schema.nodes.paragraph.create());
  view.dispatch(tr.setSelection(TextSelection.create(tr.doc, end + 1)).scrollIntoView());
  return true;
}
