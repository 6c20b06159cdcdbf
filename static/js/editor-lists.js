// Lists of paragraphs and further lists: what else is set apart stands between them.

import { ListItem as BaseItem, OrderedList as BaseOrdered } from "django-prose-editor/editor";

export const ListItem = BaseItem.extend({ content: "paragraph (paragraph | bulletList | orderedList)*" });

// Numbered from one, in the reader's own numerals.
export const OrderedList = BaseOrdered.extend({ addAttributes: () => ({}) });
