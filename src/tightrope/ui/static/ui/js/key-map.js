// <key-map>: single keys for those who live at the keyboard. j/k move, Enter opens, x chooses, / and Ctrl-K search, ? shows all.
// Whatever carries data-key="r" answers to that key: fields get the focus, buttons and links are pressed.

import { words } from "ui/words";

const OFF = "tightrope:keys-off";
const isTyping = (target) => target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
const isSeen = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;
// What stands in a closed menu is at hand as well: its key need not open the menu first.
const isAtHand = (element) => isSeen(element.closest("details.menu:not([open])")?.querySelector("summary") ?? element);

customElements.define("key-map", class extends HTMLElement {
  connectedCallback() {
    this.leaving = new AbortController();
    document.addEventListener("keydown", (event) => this.pressed(event), { signal: this.leaving.signal });
  }

  disconnectedCallback() {
    this.leaving.abort();
  }

  pressed(event) {
    if (event.defaultPrevented || event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") return this.act(event, () => this.search());
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "?") return this.act(event, () => this.overview());
    if (localStorage.getItem(OFF)) return;
    if (event.key === "/") return this.act(event, () => this.search());
    if (event.key === "j" || event.key === "k") return this.act(event, () => this.move(event.key === "j" ? 1 : -1));
    const box = event.key === "x" && document.activeElement?.closest("[data-choice]")?.querySelector("input[type=checkbox]");
    if (box) return this.act(event, () => box.click());
    const found = [...document.querySelectorAll(`[data-key="${CSS.escape(event.key)}"]`)].find(isAtHand);
    if (found) this.act(event, () => (isTyping(found) ? found.focus() : found.click()));
  }

  act(event, deed) {
    event.preventDefault();
    deed();
  }

  search() {
    const field = document.querySelector("[data-key-search]");
    field?.focus();
    field?.select();
  }

  move(step) {
    const rows = [...document.querySelectorAll("[data-key-row]")].filter(isSeen);
    if (rows.length === 0) return;
    const held = rows.findIndex((row) => (row.closest("[data-choice]") ?? row).contains(document.activeElement));
    const from = held >= 0 ? held : rows.findIndex((row) => row.hasAttribute("aria-current")) - (step > 0 ? 0 : -1);
    const row = rows[Math.min(Math.max(held >= 0 ? from + step : Math.max(from, 0), 0), rows.length - 1)];
    const target = row.matches("a, button") ? row : row.querySelector("a, button");
    target?.focus();
    row.scrollIntoView({ block: "nearest" });
  }

  overview() {
    const keys = [["j", words.key_next], ["k", words.key_previous], ["Enter", words.key_open], ["/", words.key_search], ["Ctrl K", words.key_search], ["?", words.keys]];
    if (document.querySelector("[data-choice]")) keys.splice(3, 0, ["x", words.key_choose]);
    for (const element of document.querySelectorAll("[data-key]")) {
      if (!isAtHand(element)) continue;
      const label = element.dataset.keyLabel ?? element.getAttribute("aria-label") ?? element.labels?.[0]?.textContent ?? element.querySelector("span:not(.keys-only)")?.textContent ?? element.textContent;
      keys.push([element.dataset.key, label.trim()]);
    }
    const dialog = document.createElement("dialog");
    dialog.className = "dialog";
    dialog.setAttribute("aria-label", words.keys);
    const head = make("div", "dialog-head", make("h2", "", words.keys));
    const list = make("dl", "kv");
    for (const [key, label] of keys) list.append(make("dt", "", make("kbd", "", key)), make("dd", "", label));
    const choice = make("label", "choice");
    const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: !localStorage.getItem(OFF) });
    box.addEventListener("change", () => (box.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1")));
    choice.append(box, make("span", "", words.keys_on));
    const close = make("button", "button", words.close);
    close.addEventListener("click", () => dialog.close());
    dialog.append(head, make("div", "dialog-body", list, choice, make("div", "buttons buttons-end", close)));
    dialog.addEventListener("close", () => dialog.remove());
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    document.body.append(dialog);
    dialog.showModal();
  }
});

function make(name, css, ...content) {
  const element = document.createElement(name);
  if (css) element.className = css;
  element.append(...content);
  return element;
}
