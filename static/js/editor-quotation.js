// A quotation, and a line below it that names its source.

import { InputRule, Italic as BaseItalic, Node, pm } from "django-prose-editor/editor";
import { around, goBehind } from "newsroom/editor-blocks";

const { TextSelection } = pm.state;
const QUOTABLE = new Set(["paragraph", "heading", "bulletList", "orderedList"]);

export const QuoteSource = Node.create({
  name: "quoteSource",
  content: "text*",
  parseHTML: () => [{ tag: "blockquote > cite", priority: 60 }],
  renderHTML: () => ["cite", 0],
});

// A cite within a sentence is the title of a work.
export const Italic = BaseItalic.extend({
  parseHTML() {
    return [...this.parent(), { tag: "cite" }];
  },
});

export const Blockquote = Node.create({
  name: "blockquote",
  group: "block",
  content: "(paragraph | bulletList | orderedList)+ quoteSource",
  defining: true,
  parseHTML: () => [{ tag: "blockquote" }],
  renderHTML: () => ["blockquote", 0],

  addCommands() {
    return {
      toggleBlockquote:
        () =>
        ({ state, tr, dispatch }) => {
          const quotation = around(state, "blockquote");
          return quotation ? unwrap(state, tr, dispatch, quotation) : wrap(state, tr, dispatch);
        },
    };
  },

  addKeyboardShortcuts() {
    return {
      Enter: () => leave(this.editor),
      Backspace: () => goBack(this.editor),
    };
  },

  addInputRules() {
    return [
      new InputRule({
        find: /^\s*>\s$/,
        handler: ({ state, range, chain }) => {
          if (state.selection.$from.depth !== 1) return null;
          chain().deleteRange(range).toggleBlockquote().run();
        },
      }),
    ];
  },
});

function wrap(state, tr, dispatch) {
  const { doc, schema, selection } = state;
  const first = selection.$from.index(0);
  const last = Math.max(selection.$to.indexAfter(0), first + 1);
  const blocks = [];
  let start = 0;
  let end = 0;
  doc.forEach((node, offset, index) => {
    if (index < first || index >= last) return;
    if (index === first) start = offset;
    end = offset + node.nodeSize;
    blocks.push(node);
  });
  if (!blocks.length || blocks.some((node) => !QUOTABLE.has(node.type.name))) return false;
  if (!dispatch) return true;
  const { blockquote, paragraph, quoteSource } = schema.nodes;
  const quoted = blocks.map((node) =>
    node.type.name === "heading" ? paragraph.create(null, node.content) : node,
  );
  tr.replaceWith(start, end, blockquote.create(null, [...quoted, quoteSource.create()]));
  tr.setSelection(TextSelection.near(tr.doc.resolve(selection.head + 1)));
  return true;
}

function unwrap(state, tr, dispatch, { node, position }) {
  if (!dispatch) return true;
  const { paragraph } = state.schema.nodes;
  const blocks = [];
  node.forEach((child) => {
    if (child.type.name !== "quoteSource") blocks.push(child);
    else if (child.content.size) blocks.push(paragraph.create(null, child.content));
  });
  const head = state.selection.head;
  tr.replaceWith(position, position + node.nodeSize, blocks);
  tr.setSelection(TextSelection.near(tr.doc.resolve(Math.min(Math.max(head - 1, 0), tr.doc.content.size))));
  return true;
}

// Enter in an empty last line goes on to the source, and from there behind the quotation.
function leave(editor) {
  const { state, view } = editor;
  const { $from } = state.selection;
  const quotation = around(state, "blockquote");
  if (!quotation || $from.depth === 0) return false;
  if ($from.parent.type.name === "quoteSource") return goBehind(editor, quotation);
  if ($from.node(-1) !== quotation.node) return false; // in a list
  const line = $from.index(-1);
  const { tr } = state;
  if ($from.parent.content.size || line === 0 || line !== quotation.node.childCount - 2) {
    tr.deleteSelection();
    tr.split(tr.selection.from, 1, [{ type: state.schema.nodes.paragraph }]);
  } else {
    tr.delete($from.before(), $from.after());
    const end = tr.mapping.map(quotation.position + quotation.node.nodeSize);
    tr.setSelection(TextSelection.near(tr.doc.resolve(end - 1), -1));
  }
  view.dispatch(tr.scrollIntoView());
  return true;
}

// Backspace at the beginning of a quotation undoes it; before its source it goes back into the text.
function goBack(editor) {
  const { state, view } = editor;
  const quotation = around(state, "blockquote");
  const { $from, empty } = state.selection;
  if (!quotation || !empty || $from.parentOffset > 0) return false;
  if ($from.parent.type.name === "quoteSource") {
    view.dispatch(state.tr.setSelection(TextSelection.near(state.doc.resolve($from.before()), -1)));
    return true;
  }
  return $from.pos === quotation.position + 2 && editor.commands.toggleBlockquote();
}
