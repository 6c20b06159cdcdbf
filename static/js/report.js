// A report of somebody whom this browser remembers goes with the signed addresses of their replies
// (see reply-memory.js), unless they'd rather not: so it counts as a known sender's.
(() => {
  const form = document.getElementById("reason")?.form;
  const offer = document.getElementById("report-memory");
  if (!form || !offer) return;

  let proofs;
  try {
    proofs = [].concat(JSON.parse(localStorage.getItem("reply-sender"))?.proofs ?? []);
  } catch {
    return; // Storage is forbidden here, or something else wrote there: nothing is offered.
  }
  if (!proofs.length) return;
  form.querySelector(".submit").before(offer.content.cloneNode(true));
  const box = document.getElementById("as-known");
  form.addEventListener("submit", () => {
    form.elements.proof.value = box.checked ? proofs.map(String).join(" ") : "";
  });
})();
