// Tables with a header row, of lines of text.

import { Table as BaseTable, TableCell as BaseCell, TableHeader as BaseHeader } from "django-prose-editor/editor";
import { insertBlock } from "newsroom/editor-blocks";
import { ask, say } from "newsroom/editor-dialog";

const MOST_ROWS = 100;
const MOST_COLUMNS = 12;

// Without the widths and alignments of pasted cells: both are style attributes.
const cell = {
  content: "paragraph+",
  addAttributes() {
    return {
      colspan: { default: 1 },
      rowspan: { default: 1 },
      colwidth: { default: null, parseHTML: () => null, rendered: false },
    };
  },
};

export const Table = BaseTable;
export const TableCell = BaseCell.extend(cell);
export const TableHeader = BaseHeader.extend(cell);

const whole = (most) => (typed) => {
  const number = Number(typed);
  const isRight = Number.isInteger(number) && number >= 1 && number <= most;
  return isRight ? "" : say("Give a whole number of at most %(most)s.").replace("%(most)s", most);
};

export async function insertTable(editor) {
  const values = await ask({
    title: say("Table"),
    submit: say("Insert"),
    fields: [
      { name: "rows", label: say("Rows"), type: "number", value: 3, required: true, check: whole(MOST_ROWS) },
      { name: "columns", label: say("Columns"), type: "number", value: 3, required: true, check: whole(MOST_COLUMNS) },
      { name: "hasHeader", label: say("The first row holds the headings"), type: "checkbox", value: true },
    ],
  });
  if (!values) {
    editor.view.focus();
    return;
  }
  const { table, tableRow, tableCell, tableHeader } = editor.schema.nodes;
  const row = (type) => tableRow.create(null, Array.from({ length: Number(values.columns) }, () => type.createAndFill()));
  const rows = Array.from({ length: Number(values.rows) }, (_, number) =>
    row(number === 0 && values.hasHeader ? tableHeader : tableCell),
  );
  insertBlock(editor, table.create(null, rows), { inside: true });
}
