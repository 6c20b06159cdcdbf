// A link from before may name a reply (#comment-17) that stands on another page by now: this finds
// the page. Without this script the reader is at the piece, with its replies below.
(() => {
  const replies = document.getElementById("comments");
  const number = /^#comment-(\d{1,18})$/.exec(location.hash)?.[1];
  if (!replies?.dataset.numbered || !number || document.getElementById(`comment-${number}`)) return;
  const address = replies.dataset.numbered.replace(/0\/$/, `${number}/`);
  // Asked first: where there is no such reply, the reader stays where they are.
  fetch(address, { method: "HEAD" }).then((answer) => {
    if (answer.ok && answer.redirected) location.replace(address);
  }, () => {});
})();
