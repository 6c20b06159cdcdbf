// The rich text editor is no form field, so its label does not name it by itself; and it is in the
// language of the piece, not in that of the admin.

const say = (text) => window.gettext?.(text) ?? text;

function hint() {
  const text = say("Alt+F10 leads to the tools. In a table, Tab leads to the next cell and the arrow keys out of it.");
  return Object.assign(document.createElement("p"), { id: "editor-hint", className: "help", textContent: text });
}

function setUp(textarea, box) {
  const label = document.querySelector(`label[for="${textarea.id}"]`);
  if (label) {
    label.id ||= `${textarea.id}_label`;
    box.setAttribute("aria-labelledby", label.id);
    label.addEventListener("click", () => box.focus());
  }
  box.setAttribute("aria-multiline", "true");
  const container = textarea.closest(".prose-editor");
  if (!document.getElementById("editor-hint")) container.append(hint());
  box.setAttribute("aria-describedby", "editor-hint");
  followLanguage(textarea.form, box);
}

function followLanguage(form, box) {
  const language = form.elements.language;
  const direction = form.elements.text_direction;
  if (!language) return;
  const follow = () => {
    const tag = language.value.trim();
    box.lang = tag;
    const isRightToLeft = /^(ar|arc|ckb|dv|fa|he|ks|ps|sd|ug|ur|yi)\b/.test(tag);
    box.dir = direction?.value || (isRightToLeft ? "rtl" : "ltr");
  };
  language.addEventListener("input", follow);
  direction?.addEventListener("change", follow);
  follow();
}

function setUpAll() {
  for (const textarea of document.querySelectorAll("textarea[data-django-prose-editor-configurable]")) {
    const box = textarea.parentElement.querySelector('[role="textbox"]');
    if (box && !box.hasAttribute("aria-multiline")) setUp(textarea, box);
  }
}

new MutationObserver(setUpAll).observe(document.body, { childList: true, subtree: true });
setUpAll();
