// Small forms in which the editor asks: for an address, the size of a table, what a picture shows.

export const say = (text) => window.gettext?.(text) ?? text;

export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key in made) made[key] = value;
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

let number = 0;

// Resolves to the values by name, or to null where it was closed. A field is {name, label, value,
// type, help, required, check}; check(value) returns what is wrong with it, or nothing.
export function ask({ title, fields, submit }) {
  return new Promise((resolve) => {
    const id = `editor-dialog-${(number += 1)}`;
    const made = fields.map((field) => drawField(field, `${id}-${field.name}`));
    const cancel = element("button", { type: "button", className: "button" }, say("Cancel"));
    const send = element("button", { type: "submit", className: "button default" }, submit);
    const form = element(
      "form",
      { noValidate: true },
      element("h2", { id }, title),
      ...made.map((each) => each.row),
      element("p", { className: "editor-dialog-buttons" }, send, cancel),
    );
    const dialog = element("dialog", { className: "editor-dialog", "aria-labelledby": id }, form);
    let answer = null;
    cancel.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(answer);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const wrong = made.filter((each) => !each.isRight());
      if (wrong.length) {
        wrong[0].input.focus();
        return;
      }
      answer = Object.fromEntries(made.map((each) => [each.name, each.value()]));
      dialog.close();
    });
    document.body.append(dialog);
    dialog.showModal();
    made[0].input.focus();
    made[0].input.select?.();
  });
}

function drawField({ name, label, value = "", type = "text", help = "", required = false, check }, id) {
  const isChoice = type === "checkbox";
  const input =
    type === "textarea"
      ? element("textarea", { id, rows: 3, value })
      : element("input", { id, type, ...(isChoice ? { checked: Boolean(value) } : { value }) });
  if (required) input.required = true;
  const named = element("label", { htmlFor: id }, label);
  const row = element("div", { className: "editor-dialog-field" });
  row.append(...(isChoice ? [input, named] : [named, input]));
  const notes = [];
  if (help) notes.push(element("p", { id: `${id}-help`, className: "help" }, help));
  const error = element("p", { id: `${id}-error`, className: "errornote", role: "alert", hidden: true });
  notes.push(error);
  row.append(...notes);
  if (help) input.setAttribute("aria-describedby", `${id}-help`);
  const read = () => (isChoice ? input.checked : input.value.trim());
  const isRight = () => {
    const wrong = required && !read() ? say("This field is required.") : check?.(read());
    error.hidden = !wrong;
    error.textContent = wrong || "";
    input.setAttribute("aria-invalid", String(Boolean(wrong)));
    input.setAttribute("aria-describedby", [help && `${id}-help`, wrong && `${id}-error`].filter(Boolean).join(" "));
    return !wrong;
  };
  return { name, row, input, value: read, isRight };
}
