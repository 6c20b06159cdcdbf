// A reply that appears at once has its author led to the piece. By the key of the form it was sent
// with, which this window remembers, they come to the page where they can change it.
(() => {
  const NAME = "reply-sent";
  const WINDOW = 5 * 60 * 1000;
  const form = document.querySelector("#respond form");
  const offer = document.getElementById("own-reply");
  if (!form || !offer) return;

  try {
    const store = sessionStorage;
    form.addEventListener("submit", () => {
      store.setItem(NAME, JSON.stringify({ key: form.elements.key.value, at: Date.now() }));
    });
    const sent = JSON.parse(store.getItem(NAME));
    const number = /^#comment-(\d+)$/.exec(location.hash)?.[1];
    const reply = number && document.getElementById(`comment-${number}`);
    if (!sent || !reply || Date.now() - sent.at > WINDOW) return;
    // It belongs to the reply that sending led to, and to no other that is looked at later.
    sent.number ??= number;
    if (sent.number !== number) return;
    store.setItem(NAME, JSON.stringify(sent));
    const own = offer.content.firstElementChild.cloneNode(true);
    for (const [name, value] of Object.entries({ number, key: sent.key })) {
      own.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    }
    reply.append(own);
  } catch {
    // Storage is forbidden here, or something else wrote there: nothing is offered.
  }
})();
