// While replies pour in, the site asks each sender's browser for a small sum (ALTCHA, version 2,
// solved by its own worker). Without it, or when it fails, the reply is sent and waits for a
// moderator.
(() => {
  const MINUTES = 60_000;
  const PATIENCE = 8_000; // how long a reply waits for its sum
  const form = document.querySelector("#respond form");
  const { challenge: address, worker: source, waiting } = form.dataset;
  const { work } = form.elements;
  const status = form.querySelector(".work-said");
  let solving, begun;

  // The payload that proves the work; "" where none is asked for.
  async function solve() {
    begun = Date.now();
    const answer = await fetch(address, { credentials: "omit", cache: "no-store" });
    if (answer.status !== 200) return "";
    const { parameters, signature } = await answer.json();
    const worker = new Worker(source);
    try {
      const solution = await new Promise((resolve, reject) => {
        worker.onmessage = ({ data }) => (data?.error ? reject(data.error) : resolve(data));
        worker.onerror = reject;
        worker.postMessage({ type: "work", challenge: { parameters, signature }, timeout: MINUTES });
      });
      return solution ? btoa(JSON.stringify({ challenge: { parameters, signature }, solution })) : "";
    } finally {
      worker.terminate();
    }
  }

  // Challenges run out after twenty minutes.
  function begin() {
    if (!solving || Date.now() - begun > 15 * MINUTES) {
      work.value = "";
      // No worker, no network: the reply goes without, and is held.
      solving = solve().catch(() => "");
      solving.then((payload) => (work.value = payload));
    }
    return solving;
  }

  form.addEventListener("submit", async (event) => {
    const solved = begin();
    if (work.value) return;
    event.preventDefault();
    if (form.ariaBusy === "true") return;
    form.ariaBusy = "true";
    status.textContent = waiting;
    await Promise.race([solved, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
    status.textContent = "";
    form.ariaBusy = null;
    form.submit();
  });
  // A page that comes back has spent its sum.
  addEventListener("pageshow", ({ persisted }) => {
    if (!persisted) return;
    solving = null;
    begin();
  });
  begin();
})();
