// <dialog-link><a href="/cases/7/assign/" data-dialog="assign">: opens the dialog of that id, or the linked page's form in a new one.
// Without JavaScript the link leads to the page. A button of a form that asks by GET is such a link, too.

import { words } from "ui/words";

customElements.define("dialog-link", class extends HTMLElement {
  connectedCallback() {
    if (this.isReady) return;
    this.isReady = true;
    this.addEventListener("click", (event) => {
      const link = event.target.closest("a, button");
      if (!link || event.defaultPrevented || event.metaKey || event.ctrlKey || event.shiftKey) return;
      event.preventDefault();
      const here = document.getElementById(link.dataset.dialog ?? "");
      if (here) show(here, link);
      else this.fetchAndShow(link);
    });
  }

  async fetchAndShow(link) {
    const address = link.href ?? askedBy(link);
    link.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address);
      if (!answer.ok || answer.redirected) throw new Error(`${answer.status}`);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = page.querySelector("dialog.dialog");
      show(found ? document.importNode(found, true) : wrapped(page, address), link);
    } catch {
      location.assign(address);
    } finally {
      link.removeAttribute("aria-busy");
    }
  }
});

function askedBy(button) {
  const address = new URL(button.formAction);
  address.search = new URLSearchParams(new FormData(button.form));
  return address.href;
}

function wrapped(page, address) {
  const dialog = Object.assign(document.createElement("dialog"), { className: "dialog" });
  const body = Object.assign(document.createElement("div"), { className: "dialog-body" });
  const title = Object.assign(document.createElement("h2"), { textContent: page.querySelector("h1")?.textContent.trim() ?? "" });
  dialog.setAttribute("aria-label", title.textContent);
  const head = Object.assign(document.createElement("div"), { className: "dialog-head" });
  const close = Object.assign(document.createElement("button"), { type: "button", className: "button button-quiet button-small", textContent: words.close });
  close.addEventListener("click", () => dialog.close());
  head.append(title, close);
  const form = page.querySelector("main form");
  if (!form) throw new Error("The linked page has no form.");
  // A form without an address posts to its own page, which is no longer the one around it.
  if (!form.getAttribute("action")) form.setAttribute("action", address);
  body.append(document.importNode(form, true));
  dialog.append(head, body);
  return dialog;
}

function show(dialog, opener) {
  const isLent = !dialog.isConnected;
  if (isLent) {
    takeOwnIds(dialog);
    document.body.append(dialog);
  }
  dialog.removeAttribute("open");
  window.htmx?.process(dialog);
  const shown = new AbortController();
  const { signal } = shown;
  dialog.addEventListener("close", () => {
    shown.abort();
    if (isLent) dialog.remove();
    placeOf(opener).focus();
  }, { signal });
  // A text that is marked with the mouse may end beside the dialog: only a press that began there closes it.
  let pressed = null;
  dialog.addEventListener("pointerdown", (event) => (pressed = event.target), { signal });
  dialog.addEventListener("click", (event) => event.target === dialog && pressed === dialog && dialog.close(), { signal });
  dialog.showModal();
  // The button that closes comes first in the dialog, but whoever opened a form wants to fill it in.
  if (dialog.contains(document.activeElement) && !document.activeElement.matches("[autofocus]")) firstField(dialog)?.focus();
}

// A form of another page may bring ids that stand here already: its labels would speak for our fields.
function takeOwnIds(dialog) {
  const own = new Map();
  for (const one of dialog.querySelectorAll("[id]")) {
    if (!document.getElementById(one.id)) continue;
    own.set(one.id, `lent-${one.id}`);
    one.id = own.get(one.id);
  }
  for (const name of ["for", "form", "list", "aria-controls", "aria-describedby", "aria-labelledby"])
    for (const one of dialog.querySelectorAll(`[${name}]`))
      one.setAttribute(name, one.getAttribute(name).split(" ").map((id) => own.get(id) ?? id).join(" "));
}

// The menu that led here has closed meanwhile: the keyboard goes on from its button.
function placeOf(opener) {
  return opener.checkVisibility() ? opener : (opener.closest("details")?.querySelector("summary") ?? opener);
}

function firstField(dialog) {
  const fields = [...dialog.querySelectorAll("form :is(input:not([type=hidden]), select, textarea)")].filter((field) => field.checkVisibility());
  return fields.find((field) => field.type !== "radio" || field.checked) ?? fields[0];
}
