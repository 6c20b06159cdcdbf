// What the clipboard of Word, Google Docs and web pages holds, as plain paragraphs, lists and tables.
// The server does the same for HTML that comes another way: articles/tidy_html.py.

import { Extension, pm } from "django-prose-editor/editor";
import { isOurs } from "newsroom/editor-picture";

const KNOWN = new Set(
  "A ASIDE B BLOCKQUOTE BR CITE DIV EM FIGCAPTION FIGURE H1 H2 H3 H4 H5 H6 HR I IMG LI OL P SMALL STRONG TABLE TBODY TD TFOOT TH THEAD TR UL".split(" "),
);
const UNREAD = "script, style, meta, link, title, xml, noscript, template, iframe, object, svg, math, select, textarea, audio, video";
const HEADINGS = { H1: "h2", H4: "h3", H5: "h3", H6: "h3" };
const ADDRESS = /^\s*(https?:\/\/|mailto:|\/(?!\/))/i;
const BULLET = /^[\s\u00a0]*[·•◦▪§o‣–-][\s\u00a0]{2,}/;
const NUMBER = /^[\s\u00a0]*\(?(\d{1,3}|[a-z]|[ivxlc]{1,6})[.)]/i;

// The content policy, whose page this is, would report each style and each handler of an event.
const withoutStyles = (html) =>
  html.replace(/<[a-z][^<>]*>/gi, (tag) => tag.replace(/(\s)(style|on\w+)(\s*=)/gi, "$1data-$2$3"));

function readAside(html) {
  const bare = html
    .replace(/<!--[\s\S]*?(-->|$)/g, "")
    .replace(/<![^>]*>|<\?[^>]*>/g, "")
    .replace(/<(style|script|xml)\b[\s\S]*?(<\/\1\s*>|$)/gi, "");
  return new DOMParser().parseFromString(withoutStyles(bare), "text/html").body;
}

function styleOf(node) {
  const declared = (node.dataset.style ?? "").split(";").map((each) => each.split(":"));
  return Object.fromEntries(declared.map(([name, ...value]) => [name.trim().toLowerCase(), value.join(":").trim().toLowerCase()]));
}

function rename(node, name) {
  const other = document.createElement(name);
  other.append(...node.childNodes);
  node.replaceWith(other);
  return other;
}

const unwrap = (node) => node.replaceWith(...node.childNodes);

function wrapContents(node, name) {
  const wrapper = document.createElement(name);
  wrapper.append(...node.childNodes);
  node.append(wrapper);
}

const isBlock = (node) => node.querySelector("p, div, ul, ol, table, h1, h2, h3, h4, h5, h6, blockquote, figure, li") !== null;

// Bold and italic are what the style says, whatever the tag: a copy from Google Docs is one <b>.
function readStyles(body) {
  for (const node of body.querySelectorAll("[data-style]")) {
    const style = styleOf(node);
    const weight = style["font-weight"] ?? "";
    const isBold = weight === "bold" || weight === "bolder" || Number(weight) >= 600;
    const isLight = weight === "normal" || weight === "lighter" || (weight !== "" && Number(weight) < 600);
    if (style.display === "none") node.remove();
    else if (/^H\d$/.test(node.tagName) || isBlock(node)) continue;
    else {
      if (isBold && !["B", "STRONG"].includes(node.tagName)) wrapContents(node, "strong");
      if (/italic|oblique/.test(style["font-style"] ?? "") && !["I", "EM"].includes(node.tagName)) wrapContents(node, "em");
    }
    if (isLight && ["B", "STRONG"].includes(node.tagName)) node.dataset.unwrap = "";
    if (style["font-style"] === "normal" && ["I", "EM"].includes(node.tagName)) node.dataset.unwrap = "";
  }
  for (const node of body.querySelectorAll("b[data-style], strong[data-style]")) {
    if (isBlock(node) && /font-weight:\s*(normal|[1-5]00)/.test(node.dataset.style)) node.dataset.unwrap = "";
  }
  body.querySelectorAll("[data-unwrap]").forEach(unwrap);
}

// Word writes an item as a paragraph that begins with its bullet or number.
function readWordLists(body) {
  const open = [];
  for (const paragraph of Array.from(body.querySelectorAll("p"))) {
    const item = wordItem(paragraph);
    const before = paragraph.previousElementSibling;
    if (!item || (open.length && open[0].list !== before)) open.length = 0;
    if (!item) continue;
    while (open.length && open.at(-1).level > item.level) open.pop();
    if (open.length && open.at(-1).level === item.level && open.at(-1).list.tagName !== item.tag) open.pop();
    if (!open.length || open.at(-1).level < item.level) {
      const list = document.createElement(item.tag);
      if (open.length) open.at(-1).list.lastElementChild.append(list);
      else paragraph.before(list);
      open.push({ list, level: item.level });
    }
    open.at(-1).list.append(rename(paragraph, "li"));
  }
}

function wordItem(paragraph) {
  const level = /\blevel([1-9])\b/.exec(styleOf(paragraph)["mso-list"] ?? "");
  if (!level && !/MsoListParagraph/i.test(paragraph.className)) return null;
  const ignored = Array.from(paragraph.querySelectorAll("span")).find((span) => styleOf(span)["mso-list"] === "ignore");
  let marker = ignored?.textContent;
  if (ignored) ignored.remove();
  else {
    const first = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT).nextNode();
    marker = first && BULLET.exec(first.data)?.[0];
    if (!marker) return null;
    first.data = first.data.slice(marker.length);
  }
  return { level: level ? Number(level[1]) : 1, tag: NUMBER.test(marker) ? "OL" : "UL" };
}

function readBlocks(body) {
  for (const link of body.querySelectorAll("a")) if (!ADDRESS.test(link.getAttribute("href") ?? "")) unwrap(link);
  for (const node of body.querySelectorAll("h1, h4, h5, h6")) rename(node, HEADINGS[node.tagName]);
  for (const node of body.querySelectorAll("h2 > strong:only-child, h2 > b:only-child, h3 > strong:only-child, h3 > b:only-child")) {
    if (node.textContent.trim() === node.parentElement.textContent.trim()) unwrap(node);
  }
  for (const img of body.querySelectorAll("img")) if (!isOurs(img)) img.remove();
  for (const figure of body.querySelectorAll("figure")) if (!figure.querySelector("img, table, blockquote")) figure.remove();
  for (const list of body.querySelectorAll("ul > ul, ul > ol, ol > ul, ol > ol")) list.previousElementSibling?.append(list);
}

// Spaces that only align, and what is empty without them. A single non-breaking space between two
// words was meant.
function removeSpaces(body) {
  const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    text.data = text.data.replace(/[ \t\n\r\f\u00a0]{2,}|[\t\n\r\f]/g, " ");
  }
  body.querySelectorAll("br.Apple-interchange-newline, :scope > br").forEach((node) => node.remove());
  const isEmpty = (node) => !node.textContent.replace(/[\s\u00a0]/g, "") && !node.querySelector("img, hr, table, td");
  for (const node of Array.from(body.querySelectorAll("p, div, li, h2, h3, ul, ol, blockquote, figure, a, strong, em, b, i")).reverse()) {
    if (isEmpty(node) && !(node.parentElement.closest("td, th") && node.tagName === "P")) {
      node.replaceWith(...(/^(A|STRONG|EM|B|I)$/.test(node.tagName) && node.textContent ? [" "] : []));
    }
  }
  for (const node of body.querySelectorAll("p, li, h2, h3, td, th")) {
    trimEnd(node, "firstChild", /^[\s\u00a0]+/);
    trimEnd(node, "lastChild", /[\s\u00a0]+$/);
  }
}

function trimEnd(node, side, spaces) {
  while (node[side]?.tagName === "BR") node[side].remove();
  if (node[side]?.nodeType === Node.TEXT_NODE) node[side].data = node[side].data.replace(spaces, "");
}

export function tidyPasted(html) {
  if (html.includes("data-pm-slice")) return withoutStyles(html); // copied in this editor, or another like it
  const body = readAside(html);
  body.querySelectorAll(UNREAD).forEach((node) => node.remove());
  readStyles(body);
  readWordLists(body);
  for (const node of Array.from(body.querySelectorAll("*"))) if (!KNOWN.has(node.tagName)) unwrap(node);
  readBlocks(body);
  removeSpaces(body);
  for (const node of body.querySelectorAll("*")) {
    for (const { name } of Array.from(node.attributes)) {
      if (!["href", "src", "alt", "colspan", "rowspan"].includes(name)) node.removeAttribute(name);
    }
  }
  return body.innerHTML;
}

export const Pasting = Extension.create({
  name: "pasting",
  addProseMirrorPlugins: () => [new pm.state.Plugin({ props: { transformPastedHTML: tidyPasted } })],
});

// Says in an empty caption, credit or source what belongs there.
export const Prompts = Extension.create({
  name: "prompts",

  addProseMirrorPlugins() {
    const say = (text) => window.gettext?.(text) ?? text;
    const prompts = { caption: say("Caption"), credit: say("Credit"), quoteSource: say("Source of the quotation") };
    const decorations = ({ doc }) => {
      const found = [];
      doc.descendants((node, position) => {
        const prompt = prompts[node.type.name];
        if (prompt && !node.content.size) {
          const attributes = { class: "is-empty", "data-prompt": prompt };
          found.push(pm.view.Decoration.node(position, position + node.nodeSize, attributes));
        }
        return !node.isTextblock;
      });
      return pm.view.DecorationSet.create(doc, found);
    };
    return [new pm.state.Plugin({ props: { decorations } })];
  },
});
