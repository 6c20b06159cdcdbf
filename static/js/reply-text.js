// While a reader writes a reply: how many characters are left, and what readers will see.
(() => {
  const form = document.querySelector("#respond form");
  const parts = document.getElementById("respond-text");
  if (!parts || !form) return;
  const text = form.elements.comment;
  const most = text.maxLength;
  // It counts half characters (UTF-16) and cuts what is pasted. The site counts whole ones, and
  // gives back what is too long.
  text.removeAttribute("maxlength");
  text.after(parts.content.cloneNode(true));

  const left = document.getElementById("comment-left");
  const said = form.querySelector(".left-said");
  const preview = form.querySelector(".preview");
  const seen = preview.querySelector(".reply-text");
  let saying, asking, asked;
  text.setAttribute(
    "aria-describedby",
    `${text.getAttribute("aria-describedby") ?? ""} ${left.id}`.trim(),
  );

  // As the site counts; what it drops because it can't be seen is counted here.
  function count() {
    const number = most - [...text.value.trim().normalize("NFC")].length;
    const words = number < 0 ? left.dataset.over : left.dataset.left;
    left.textContent = words.replace("%s", Math.abs(number).toLocaleString(document.documentElement.lang));
    left.classList.toggle("is-over", number < 0);
    clearTimeout(saying);
    // Read out where it begins to matter, and not at each key.
    saying = setTimeout(() => (said.textContent = number < 200 ? left.textContent : ""), 1000);
  }

  async function draw() {
    asked?.abort();
    if (!preview.open) return;
    if (!text.value.trim()) return seen.replaceChildren();
    asked = new AbortController();
    try {
      const answer = await fetch(preview.dataset.address, {
        method: "POST",
        body: new URLSearchParams({ comment: text.value }),
        credentials: "omit",
        signal: asked.signal,
      });
      const words = await answer.text();
      if (answer.ok) {
        // Clean as it is on the page; parsed apart, where nothing could run anyway.
        const parsed = new DOMParser().parseFromString(words, "text/html");
        seen.replaceChildren(...parsed.body.childNodes);
      } else seen.textContent = answer.status === 422 ? words : preview.dataset.failed;
    } catch (error) {
      if (error.name !== "AbortError") seen.textContent = preview.dataset.failed;
    }
  }

  text.addEventListener("input", () => {
    count();
    clearTimeout(asking);
    asking = setTimeout(draw, 400);
  });
  preview.addEventListener("toggle", draw);
  count();
})();
