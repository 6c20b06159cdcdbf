/* Suggestions below the search field: a combobox with a list (ARIA 1.2). Without this script the
   field is a search field. */
(() => {
  const field = document.querySelector("input[data-suggest]");
  if (!field || !window.fetch) return;
  const words = field.dataset;
  const list = document.createElement("ul");
  const told = document.createElement("p");
  let options = [], active = -1, timer, asked = "", request;
  list.id = "search-suggestions";
  list.className = "search-suggestions";
  list.hidden = true;
  told.className = "visually-hidden";
  for (const [element, attributes] of [
    [list, { role: "listbox", "aria-label": words.list }],
    [told, { role: "status" }],
    [field, { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id }],
  ]) for (const name in attributes) element.setAttribute(name, attributes[name]);
  field.parentElement.append(list, told);

  const mark = (number) => {
    options[active]?.setAttribute("aria-selected", "false");
    active = number;
    const option = options[active];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    option ? field.setAttribute("aria-activedescendant", option.id) : field.removeAttribute("aria-activedescendant");
  };
  const show = (open) => {
    list.hidden = !open;
    field.setAttribute("aria-expanded", String(open));
    if (!open) mark(-1);
  };
  const draw = (suggestions) => {
    mark(-1);
    options = suggestions.map((each, number) => {
      const option = document.createElement("li");
      option.id = `search-suggestion-${number}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.lang = each.language;
      option.dir = each.direction;
      option.textContent = each.headline;
      option.dataset.address = each.address;
      return option;
    });
    list.replaceChildren(...options);
    show(options.length > 0);
    const one = options.length === 1;
    told.textContent = !options.length ? words.none : one ? words.foundOne : words.found.replace("{number}", options.length);
  };
  const ask = async () => {
    const text = field.value.trim();
    if (text === asked) return;
    asked = text;
    request?.abort();
    if (!text) { draw([]); told.textContent = ""; return; }
    request = new AbortController();
    try {
      const answer = await fetch(`${words.suggest}?q=${encodeURIComponent(field.value)}`, { signal: request.signal });
      if (answer.ok) draw((await answer.json()).suggestions);
    } catch { /* gone offline, or typed on: the field works as before */ }
  };
  const open = (option) => { location.href = option.dataset.address; };

  field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 150); });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && options.length) {
      event.preventDefault();
      if (list.hidden) show(true);
      const places = options.length + 1;
      mark(((active + 1 + step + places) % places) - 1);
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      open(options[active]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      show(false);
    }
  });
  field.form.addEventListener("formdata", ({ formData }) => {
    for (const [name, value] of [...formData]) if (!value) formData.delete(name);
  });
  field.addEventListener("blur", () => show(false));
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("li");
    if (option) open(option);
  });
})();
