// How long the headline and the text are, and what readers or search engines would miss.

const say = (text) => window.gettext?.(text) ?? text;
const sayNumber = (one, several, number) => {
  const text = window.ngettext?.(one, several, number) ?? (number === 1 ? one : several);
  return text.replace("%(number)s", format.format(number));
};

const LONGEST_HEADLINE = 60; // characters that search results show
const WORDS_A_MINUTE = 230;
const EAST_ASIAN_A_MINUTE = 500; // characters
const COUNT_AFTER = 200; // milliseconds after the last key
const TELL_AFTER = 1500; // for those who listen: when they pause

const EAST_ASIAN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/gu;
const BLOCK_END = /<\/(p|h2|h3|li|td|th|cite|small|figcaption|aside|tr)>|<br>/g;

const field = (name) => document.getElementById(`id_${name}`);
const format = new Intl.NumberFormat(document.documentElement.lang || undefined);

function wordsIn(text, language) {
  let segmenter;
  try {
    segmenter = new Intl.Segmenter(language || undefined, { granularity: "word" });
  } catch {
    segmenter = new Intl.Segmenter(undefined, { granularity: "word" }); // a tag still being typed
  }
  return Array.from(segmenter.segment(text)).filter((each) => each.isWordLike).length;
}

export function measure(html, language) {
  const body = new DOMParser().parseFromString(html.replace(BLOCK_END, "$&\n"), "text/html").body;
  const text = body.textContent.replace(/[ \t\u00a0]*\n\s*/g, "\n").trim();
  const eastAsian = text.match(EAST_ASIAN)?.length ?? 0;
  const others = wordsIn(text.replace(EAST_ASIAN, " "), language);
  return {
    words: wordsIn(text, language),
    characters: Array.from(text.replaceAll("\n", "")).length,
    minutes: Math.ceil(others / WORDS_A_MINUTE + eastAsian / EAST_ASIAN_A_MINUTE),
    undescribed: body.querySelectorAll("img:not([alt])").length,
  };
}

function line(id, after) {
  const made = document.createElement("p");
  made.id = id;
  made.className = "desk-count";
  after.after(made);
  return made;
}

function write(target, text, warning) {
  const strong = document.createElement("strong");
  strong.textContent = warning;
  target.replaceChildren(...[text, warning && strong].filter(Boolean));
  target.classList.toggle("has-warning", Boolean(warning));
  target.hidden = !text && !warning;
  return warning;
}

function headline(input) {
  const target = line("headline-count", input);
  const described = input.getAttribute("aria-describedby");
  input.setAttribute("aria-describedby", [described, target.id].filter(Boolean).join(" "));
  return () => {
    const length = Array.from(input.value.trim()).length;
    const text = `${sayNumber("%(number)s character", "%(number)s characters", length)} `;
    return write(target, text, length > LONGEST_HEADLINE ? say("Search results cut a headline after 60 characters.") : "");
  };
}

function text(textarea) {
  const target = line("body-count", textarea.closest(".flex-container") ?? textarea);
  return () => {
    const { words, characters, minutes, undescribed } = measure(textarea.value, field("language")?.value);
    const counts = [
      sayNumber("%(number)s word", "%(number)s words", words),
      sayNumber("%(number)s character", "%(number)s characters", characters),
      `${sayNumber("%(number)s minute to read", "%(number)s minutes to read", minutes)} `,
    ].join(" · ");
    const missing = sayNumber(
      "%(number)s picture in the text lacks its alternative text.",
      "%(number)s pictures in the text lack their alternative text.",
      undescribed,
    );
    return write(target, counts, undescribed ? missing : "");
  };
}

function leadPicture(alt) {
  const target = line("lead-count", alt);
  return () => {
    const isMissing = field("lead_image")?.value && !alt.value.trim() && !field("lead_is_decorative")?.checked;
    return write(target, "", isMissing ? say("The lead picture lacks its alternative text.") : "");
  };
}

function start() {
  const parts = [
    [field("headline"), headline],
    [field("body"), text],
    [field("lead_alt"), leadPicture],
  ];
  const counters = parts.filter(([input]) => input?.form).map(([input, make]) => make(input));
  if (!counters.length) return;
  const live = Object.assign(document.createElement("p"), { id: "counts-news", className: "visually-hidden" });
  live.setAttribute("role", "status");
  document.getElementById("content").append(live);
  let told = counters.map((count) => count());
  let counting;
  let telling;
  const tell = () => {
    const now = counters.map((count) => count());
    live.textContent = now.filter((warning, number) => warning && warning !== told[number]).join(" ");
    told = now;
  };
  const changed = () => {
    clearTimeout(counting);
    clearTimeout(telling);
    counting = setTimeout(() => counters.forEach((count) => count()), COUNT_AFTER);
    telling = setTimeout(tell, TELL_AFTER);
  };
  document.addEventListener("input", changed);
  document.addEventListener("change", changed);
}

start();
