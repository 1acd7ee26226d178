// Choosing rows of the list for one act on all of them: how many they are, all shown at once, and what a live update
// must not lose. The boxes belong to the form of the bar; without this they are ticked and sent just the same.

const bar = document.getElementById("several");
const boxes = () => [...document.querySelectorAll("input[name=case][form=several]")];
const all = () => document.getElementById("choose-all");
let chosen = new Set();

function count() {
  const ticked = boxes().filter((box) => box.checked);
  chosen = new Set(ticked.map((box) => box.id));
  const told = bar.querySelector("[data-chosen]");
  told.textContent = chosen.size ? told.dataset.chosen.replace("{}", chosen.size) : "";
  if (!all()) return;
  all().checked = chosen.size > 0 && chosen.size === boxes().length;
  all().indeterminate = chosen.size > 0 && !all().checked;
}

document.addEventListener("change", (event) => {
  if (event.target === all()) for (const box of boxes()) box.checked = event.target.checked;
  if (event.target === all() || event.target.form === bar) count();
});

// Enter on a box would press the first button of the bar, seen or not.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.form === bar && event.target.type === "checkbox") event.preventDefault();
});

// Rows that are still there stay chosen, by what they are and not by where they stand.
document.addEventListener("refreshed", () => {
  for (const box of boxes()) box.checked = chosen.has(box.id);
  count();
});

// The button that chooses none goes with the bar; the keyboard goes back to the head of the list.
bar.addEventListener("reset", () => setTimeout(() => (count(), all()?.focus())));
addEventListener("pageshow", count);
count();
