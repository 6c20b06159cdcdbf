// The focal point of a picture: set by a click or the arrow keys, with the crop as it will be.

const stage = document.querySelector(".picture-stage");
const across = document.querySelector('input[name="focal_x"]');
const down = document.querySelector('input[name="focal_y"]');
if (stage && across && down) enhance();

function enhance() {
  // A button takes the keyboard; it holds what the stage held.
  const button = Object.assign(document.createElement("button"), { type: "button", className: stage.className });
  button.append(...stage.childNodes);
  button.setAttribute("aria-describedby", "focus-help");
  stage.replaceWith(button);
  document.getElementById("focus-help").hidden = false;
  const said = document.getElementById("focus-said");
  const picture = button.querySelector("img");
  const crops = document.querySelectorAll(".picture-crops img");
  let [lastX, lastY] = [point(across), point(down)];

  function point(input) {
    const number = Math.round(Number(input.value));
    return Number.isFinite(number) ? Math.min(100, Math.max(0, number)) : 50;
  }

  function show() {
    const [x, y] = [point(across), point(down)];
    for (const circle of button.querySelectorAll("circle")) {
      circle.setAttribute("cx", `${x}%`);
      circle.setAttribute("cy", `${y}%`);
    }
    for (const crop of crops) cut(crop, x, y);
    return said.dataset.text.replace("{x}", x).replace("{y}", y);
  }

  // The same as articles/renditions.py: the point in the middle, as far as the edges allow.
  function cut(crop, x, y) {
    if (x === lastX && y === lastY) return;
    const [width, height] = [Number(picture.getAttribute("width")), Number(picture.getAttribute("height"))];
    const cutWidth = Math.min(width, height * 1.5);
    const cutHeight = Math.min(height, cutWidth / 1.5);
    crop.src = crop.dataset.whole;
    crop.style.objectPosition = `${edge(x, width, cutWidth)}% ${edge(y, height, cutHeight)}%`;
  }

  function edge(part, whole, cut) {
    if (whole <= cut) return 50;
    const start = Math.min(Math.max((whole * part) / 100 - cut / 2, 0), whole - cut);
    return (start / (whole - cut)) * 100;
  }

  function move(x, y) {
    across.value = Math.min(100, Math.max(0, Math.round(x)));
    down.value = Math.min(100, Math.max(0, Math.round(y)));
    said.textContent = show();
    [lastX, lastY] = [NaN, NaN];
  }

  button.addEventListener("click", (event) => {
    if (event.detail === 0) return; // pressed by a key, which has no place
    const box = picture.getBoundingClientRect();
    move(((event.clientX - box.left) / box.width) * 100, ((event.clientY - box.top) / box.height) * 100);
  });
  button.addEventListener("keydown", (event) => {
    const step = event.shiftKey ? 10 : 1;
    const by = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] }[event.key];
    if (!by) return;
    event.preventDefault();
    move(point(across) + by[0], point(down) + by[1]);
  });
  for (const input of [across, down]) {
    input.addEventListener("input", () => {
      show();
      [lastX, lastY] = [NaN, NaN];
    });
  }
}
