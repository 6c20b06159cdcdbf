// The tools of the editor: one stop of the Tab key, within which the arrow keys move.

import { Extension } from "django-prose-editor/editor";
import { around, insertBlock } from "newsroom/editor-blocks";
import { editLink, editSelectedCard } from "newsroom/editor-cards";
import { element, say } from "newsroom/editor-dialog";
import { insertPicture } from "newsroom/editor-picture";
import { insertTable } from "newsroom/editor-table";

const MAC = /Mac|iP(hone|ad)/.test(navigator.platform);
const COMMAND = MAC ? "⌘" : "Ctrl+";

const insertRule = (editor) => insertBlock(editor, editor.schema.nodes.horizontalRule.create());
const inTable = (editor) => around(editor.state, "table") !== null;

// label, icon, what it does; keys; whether it is on, can be used, is shown.
const command = (label, icon, name, more = {}) => ({
  label,
  icon,
  run: (editor) => {
    editor.view.focus(); // at once: that of the chain comes after the next key
    editor.chain().focus()[name](more.argument).run();
  },
  can: (editor) => editor.can()[name](more.argument),
  ...more,
});

const tableCommand = (label, icon, name) => command(label, icon, name, { shown: inTable });

const tools = () => [
  [
    command(say("Heading"), "title", "toggleHeading", {
      argument: { level: 2 },
      keys: `${COMMAND}Alt+2`,
      on: (editor) => editor.isActive("heading", { level: 2 }),
    }),
    command(say("Smaller heading"), "text_fields", "toggleHeading", {
      argument: { level: 3 },
      keys: `${COMMAND}Alt+3`,
      on: (editor) => editor.isActive("heading", { level: 3 }),
    }),
  ],
  [
    command(say("Bold"), "format_bold", "toggleBold", { keys: `${COMMAND}B`, on: (editor) => editor.isActive("bold") }),
    command(say("Italic"), "format_italic", "toggleItalic", { keys: `${COMMAND}I`, on: (editor) => editor.isActive("italic") }),
    { label: say("Link"), icon: "insert_link", run: editLink, keys: `${COMMAND}K`, on: (editor) => editor.isActive("link") },
    command(say("Remove the link"), "link_off", "unsetLink", { shown: (editor) => editor.isActive("link") }),
  ],
  [
    command(say("Bullet list"), "format_list_bulleted", "toggleBulletList", { on: (editor) => editor.isActive("bulletList") }),
    command(say("Numbered list"), "format_list_numbered", "toggleOrderedList", { on: (editor) => editor.isActive("orderedList") }),
    command(say("Quotation"), "format_quote", "toggleBlockquote", { on: (editor) => editor.isActive("blockquote") }),
  ],
  [
    { label: say("Picture"), icon: "image", run: insertPicture },
    { label: say("Table"), icon: "grid_on", run: insertTable },
    { label: say("Link card"), icon: "web_asset", run: editSelectedCard },
    { label: say("Line"), icon: "horizontal_rule", run: insertRule },
  ],
  [
    command(say("Undo"), "undo", "undo", { keys: `${COMMAND}Z` }),
    command(say("Redo"), "redo", "redo", { keys: `${COMMAND}${MAC ? "⇧Z" : "Y"}` }),
  ],
  [
    tableCommand(say("Row above"), "vertical_align_top", "addRowBefore"),
    tableCommand(say("Row below"), "vertical_align_bottom", "addRowAfter"),
    tableCommand(say("Delete row"), "playlist_remove", "deleteRow"),
    tableCommand(say("Column before"), "first_page", "addColumnBefore"),
    tableCommand(say("Column after"), "last_page", "addColumnAfter"),
    tableCommand(say("Delete column"), "backspace", "deleteColumn"),
    tableCommand(say("Header row"), "table_rows", "toggleHeaderRow"),
    tableCommand(say("Merge cells"), "call_merge", "mergeCells"),
    tableCommand(say("Split cell"), "call_split", "splitCell"),
    tableCommand(say("Delete table"), "delete", "deleteTable"),
  ],
];

export const Menu = Extension.create({
  name: "menu",

  addStorage: () => ({ toolbar: null }),

  onCreate({ editor }) {
    this.storage.toolbar = new Toolbar(editor);
  },

  onTransaction() {
    this.storage.toolbar?.update();
  },

  onDestroy() {
    this.storage.toolbar?.dom.remove();
  },

  addKeyboardShortcuts() {
    return {
      "Alt-F10": () => {
        this.storage.toolbar.focus();
        return true;
      },
    };
  },
});

class Toolbar {
  constructor(editor) {
    this.editor = editor;
    this.buttons = [];
    this.dom = element("div", { className: "editor-tools", role: "toolbar", "aria-label": say("Tools of the text") });
    for (const group of tools()) {
      const box = element("span", { className: "editor-tools-group" });
      for (const tool of group) {
        const button = this.drawButton(tool);
        this.buttons.push({ tool, button });
        box.append(button);
      }
      this.dom.append(box);
    }
    this.dom.addEventListener("keydown", (event) => this.move(event));
    this.dom.addEventListener("focusin", (event) => this.stopAt(event.target));
    editor.view.dom.before(this.dom);
    this.update();
    this.stopAt(this.buttons[0].button);
  }

  drawButton(tool) {
    const icon = element("span", { className: "material-icons", "aria-hidden": "true" }, tool.icon);
    const button = element("button", { type: "button", className: "editor-tool", tabIndex: -1 }, icon);
    button.setAttribute("aria-label", tool.label);
    button.title = tool.keys ? `${tool.label} (${tool.keys})` : tool.label;
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-disabled") !== "true") tool.run(this.editor);
    });
    return button;
  }

  update() {
    const { editor } = this;
    for (const { tool, button } of this.buttons) {
      button.hidden = tool.shown ? !tool.shown(editor) : false;
      if (button.hidden) continue;
      const isOn = Boolean(tool.on?.(editor));
      const can = isOn || !tool.can || tool.can(editor);
      if (tool.on) button.setAttribute("aria-pressed", String(isOn));
      button.setAttribute("aria-disabled", String(!can));
    }
    for (const group of this.dom.children) {
      group.hidden = Array.from(group.children).every((button) => button.hidden);
    }
    const stop = this.buttons.find(({ button }) => button.tabIndex === 0);
    if (stop?.button.hidden) this.stopAt(this.buttons[0].button);
  }

  stopAt(target) {
    for (const { button } of this.buttons) button.tabIndex = button === target ? 0 : -1;
  }

  focus() {
    this.buttons.find(({ button }) => button.tabIndex === 0).button.focus();
  }

  move(event) {
    if (event.key === "Escape") {
      this.editor.view.focus();
      return;
    }
    const shown = this.buttons.map(({ button }) => button).filter((button) => !button.hidden);
    const here = shown.indexOf(document.activeElement);
    const isRightToLeft = getComputedStyle(this.dom).direction === "rtl";
    const step = { ArrowRight: isRightToLeft ? -1 : 1, ArrowLeft: isRightToLeft ? 1 : -1 }[event.key];
    const next = { Home: 0, End: shown.length - 1 }[event.key] ?? (step && (here + step + shown.length) % shown.length);
    if (next === undefined || here < 0) return;
    event.preventDefault();
    shown[next].focus();
  }
}
