// The preview of a piece: the wide screen is drawn smaller until it fits, and addresses are
// copied at a press.

const TALLEST = 1600;

function fit(screen) {
  const frame = screen.querySelector("iframe");
  const room = screen.parentElement.clientWidth;
  if (!room) return; // not shown now
  const scale = Math.min(1, room / (Number(frame.width) + 2));
  screen.classList.add("is-fitted");
  frame.style.scale = String(scale);
  screen.style.inlineSize = `${Number(frame.width) * scale}px`;
  // As high as the other one beside it, unless that is more than anybody's screen.
  const height = Math.min(Number(frame.height) / scale, TALLEST);
  frame.style.blockSize = `${height}px`;
  screen.style.blockSize = `${height * scale}px`;
}

const widths = new ResizeObserver((entries) => {
  for (const { target } of entries) fit(target.querySelector(".preview-screen"));
});
for (const section of document.querySelectorAll(".preview-frames > section")) widths.observe(section);

const said = document.createElement("p");
said.className = "visually-hidden";
said.setAttribute("role", "status");
document.querySelector(".preview-links")?.append(said);

for (const holder of document.querySelectorAll(".preview-copy")) {
  if (!navigator.clipboard) break; // only on https and localhost
  const address = holder.querySelector("input");
  address.addEventListener("focus", () => address.select());
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = holder.dataset.copy;
  button.addEventListener("click", async () => {
    address.select();
    await navigator.clipboard.writeText(address.value);
    said.textContent = button.textContent = holder.dataset.copied;
  });
  holder.append(button);
}
