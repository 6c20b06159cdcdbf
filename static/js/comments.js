// The form "Leave a Reply": its key, its place, and what a refused one starts with. What the
// form looks like without scripts stays what is sent.
(() => {
  const section = document.getElementById("respond");
  const form = section?.querySelector("form");
  if (!form) return;
  const { key, parent, comment } = form.elements;

  // By this key a post that is sent twice counts once.
  if (!key.value && window.crypto?.getRandomValues) {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    key.value = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  // The form moves under the reply that it answers, with all that was typed.
  const heading = document.getElementById("respond-heading");
  const answering = document.getElementById("respond-answering");
  const cancel = section.querySelector(".respond-cancel");
  const home = document.createComment("");
  let followed; // the link "Reply"
  section.before(home);

  function moveTo(reply) {
    (reply ?? home).after(section);
    parent.value = reply ? reply.id.slice("comment-".length) : "";
    cancel.hidden = !reply;
    describe(heading.id, reply);
    if (!reply) return heading.replaceChildren(heading.dataset.piece);
    const words = answering.content.cloneNode(true);
    words.querySelector("bdi").textContent = reply.querySelector(".reply-by bdi").textContent;
    heading.replaceChildren(words);
  }

  // A screen reader that comes to the text says whom it answers.
  function describe(id, isNeeded) {
    const ids = new Set(comment.getAttribute("aria-describedby")?.split(" "));
    ids[isNeeded ? "add" : "delete"](id);
    comment.setAttribute("aria-describedby", [...ids].join(" "));
    if (!ids.size) comment.removeAttribute("aria-describedby");
  }

  function goBack() {
    moveTo(null);
    (followed ?? comment).focus();
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href*="reply_to="]');
    const reply = link?.closest('.reply[id^="comment-"]');
    if (!reply || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    followed = link;
    moveTo(reply);
    comment.focus();
    heading.scrollIntoView({ block: "nearest" });
  });
  cancel.addEventListener("click", (event) => {
    event.preventDefault();
    goBack();
  });
  section.addEventListener("keydown", (event) => {
    const isMoved = section.previousSibling !== home;
    if (event.key === "Escape" && !event.isComposing && isMoved && !comment.value) goBack();
  });

  // Some browsers bring back the hidden field of a page that is loaded again.
  const answered = parent.value && document.getElementById(`comment-${parent.value}`);
  if (answered) moveTo(answered);
  else parent.value = parent.defaultValue;
  if (answered && location.hash === "#respond") section.scrollIntoView();

  // After a refused reply, a screen reader and the keyboard start at what went wrong.
  document.getElementById("errors")?.focus();

  // Where a proof of work may be asked for, its script comes with the first touch of the form.
  if (form.dataset.challenge) {
    form.addEventListener(
      "focusin",
      () => {
        const script = document.createElement("script");
        script.src = form.dataset.script;
        document.head.append(script);
      },
      { once: true },
    );
  }
})();
