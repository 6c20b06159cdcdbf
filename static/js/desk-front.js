// Buttons that move a piece up or down its block. Without this script, its number does.
"use strict";
{
  const said = document.getElementById("front-moved");

  // What is chosen moves; the places, and what they say of now, stay.
  const chosenIn = (place) => [...place.querySelectorAll("select, .site-time input")];

  const exchange = (one, other) => {
    const [mine, theirs] = [chosenIn(one), chosenIn(other)];
    mine.forEach((field, index) => {
      [field.value, theirs[index].value] = [theirs[index].value, field.value];
    });
    for (const place of [one, other]) {
      const [select, date] = chosenIn(place);
      place.querySelector(".front-until").open = Boolean(date.value);
      date.dispatchEvent(new Event("input", { bubbles: true }));
      select.dispatchEvent(new Event("change", { bubbles: true }));
    }
  };

  const move = (button) => {
    const place = button.closest(".front-place");
    const step = Number(button.dataset.move);
    const item = place.parentElement;
    const other = (step < 0 ? item.previousElementSibling : item.nextElementSibling).firstElementChild;
    exchange(place, other);
    const again = other.querySelector(`[data-move="${step}"]`);
    (again.disabled ? other.querySelector(`[data-move="${-step}"]`) : again).focus();
    const select = other.querySelector("select");
    said.textContent = `${select.options[select.selectedIndex].text}: ${other.querySelector("h3").textContent}`;
  };

  for (const each of document.querySelectorAll(".front-move")) each.hidden = false;
  for (const each of document.querySelectorAll(".front-number")) each.hidden = true;
  document.querySelector(".front-form").addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (button) move(button);
  });
}
