// What this browser remembers for a reader who asked for it: name, email and website for the
// next form, and the signed addresses of earlier replies, which prove that they are theirs. It
// stays in this browser's storage: no cookie, and nothing is sent but with a reply.
(() => {
  const NAME = "reply-sender";
  const FIELDS = ["author", "email", "url"];
  const MOST_PROOFS = 3; // the site looks at no more
  const { proof } = document.currentScript.dataset;

  let store;
  try {
    store = localStorage;
  } catch {
    return; // Storage is forbidden here: nothing can be remembered, so nothing is offered.
  }
  if (!store) return;

  function remembered() {
    try {
      const sender = JSON.parse(store.getItem(NAME));
      return sender && { ...sender, proofs: [].concat(sender.proofs ?? []).map(String) };
    } catch {
      return null; // Something else wrote there, or it can't be read: as if there were nothing.
    }
  }

  function remember(sender) {
    try {
      if (sender) store.setItem(NAME, JSON.stringify(sender));
      else store.removeItem(NAME);
    } catch {
      // It is full or read-only. The form works without; the next one is empty.
    }
  }

  // The page of one reply of theirs: its address ends with the token.
  if (proof) {
    const sender = remembered();
    if (!sender) return;
    const token = location.pathname.split("/").at(-2);
    const others = sender.proofs.filter((other) => other !== token);
    const proofs = proof === "keep" ? [token, ...others] : others;
    return remember({ ...sender, proofs: proofs.slice(0, MOST_PROOFS) });
  }

  const form = document.querySelector("#respond form");
  const parts = document.getElementById("respond-memory");
  if (!parts || !form) return;
  const fields = form.elements;
  form.querySelector(".submit").before(parts.content.cloneNode(true));
  const box = document.getElementById("remember");
  const sender = remembered();
  box.checked = sender !== null;
  for (const name of FIELDS) fields[name].value ||= sender?.[name] ?? "";

  form.addEventListener("submit", () => {
    const proofs = (box.checked && remembered()?.proofs) || [];
    fields.proof.value = proofs.join(" ");
    if (!box.checked) return;
    const typed = FIELDS.map((name) => [name, fields[name].value]);
    remember({ ...Object.fromEntries(typed), proofs });
  });
  box.addEventListener("change", () => {
    if (!box.checked) remember(null);
  });
  // What is forgotten in one window is forgotten in the others.
  addEventListener("storage", ({ key, newValue }) => {
    if (key === NAME && !newValue) box.checked = false;
  });
})();
