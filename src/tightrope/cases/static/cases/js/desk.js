// The desk in a wide window: a row of the list opens its case beside it. Without this every row is a link to its page.

import { drop } from "ui/drafts";

const wide = matchMedia("(min-width: 1200px)");
const detail = () => document.querySelector(".pane-detail");

function open(row) {
  mark(row.dataset.case);
  document.body.classList.replace("case-queue", "case-open");
  return window.htmx.ajax("GET", row.href, { target: ".pane-detail", swap: "innerHTML", push: row.href })
    .then(() => history.state?.htmx || history.pushState({ htmx: true }, "", row.href))
    .then(() => (shown = address()));
}

function mark(publicId) {
  for (const row of document.querySelectorAll("[data-key-row]")) row.toggleAttribute("aria-current", false);
  document.querySelector(`[data-key-row][data-case="${CSS.escape(publicId ?? "")}"]`)?.setAttribute("aria-current", "true");
}

document.addEventListener("click", (event) => {
  const row = event.target.closest?.("a[data-key-row][data-case]");
  if (!row || !window.htmx || !wide.matches) return;
  if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
  event.preventDefault();
  open(row).then(() => (detail().querySelector(".pane-main") ?? detail()).scrollTo(0, 0));
});

// A live update brings the list anew; the open case stays marked.
document.addEventListener("refreshed", () => mark(document.querySelector(".case")?.dataset.case));

// Going back shows what was there: the page is asked for again, nothing is kept in the browser.
// A step within the page, such as to its main part, is no going back.
const address = () => location.pathname + location.search;
let shown = address();
for (const moved of ["htmx:pushedIntoHistory", "htmx:replacedInHistory"]) document.addEventListener(moved, () => (shown = address()));
addEventListener("popstate", () => address() === shown || location.reload());

let isPosted = false;

// What was sent needs no draft any more; the new editor must not find it.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, requestConfig } = event.detail;
  if (xhr.status !== 200 || requestConfig?.verb !== "post") return;
  for (const keeper of requestConfig.elt.querySelectorAll("draft-keeper")) {
    keeper.isSent = true;
    drop(keeper.key);
  }
  isPosted = requestConfig.elt.matches(".composer form");
});

// What was just said is in sight and has the keyboard; the next key is a command of the desk, not a letter. This is
// done in one go with the swap: whoever has meanwhile pressed a key that opens an editor keeps it.
document.addEventListener("htmx:afterSwap", (event) => {
  const said = isPosted && document.querySelector(".case-talk > :last-child");
  isPosted = false;
  if (said) return hold(said);
  // An act takes its own button away; the keyboard goes on at the head of the case, not at the top of the page.
  const isCaseNew = event.detail.target?.matches?.(".pane-detail");
  if (isCaseNew && document.activeElement === document.body) hold(document.querySelector(".case h1"));
});

function hold(place) {
  if (!place) return;
  place.tabIndex = -1;
  place.focus({ preventScroll: place.matches("h1") });
}

// A dialog whose act is done closes.
document.addEventListener("case-done", () => document.querySelectorAll("dialog[open]").forEach((dialog) => dialog.close()));

// The editor that was chosen gets the keyboard.
document.addEventListener("change", (event) => {
  if (event.target.matches?.("[name=say]")) focusEditor();
});
document.addEventListener("click", (event) => {
  if (event.target.closest?.(".composer-tabs label")) setTimeout(focusEditor);
});

function focusEditor() {
  [...document.querySelectorAll(".composer textarea")].find((field) => field.checkVisibility())?.focus();
}

// What is often said goes in where the writer is.
document.addEventListener("click", (event) => {
  const canned = event.target.closest?.("[data-canned]");
  if (!canned) return;
  const field = document.querySelector(".composer-reply textarea");
  const before = field.value && !field.value.endsWith("\n") ? "\n\n" : "";
  field.setRangeText(before + canned.dataset.canned, field.selectionStart, field.selectionEnd, "end");
  field.form.elements.canned.value = canned.dataset.cannedId;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  canned.closest("details").open = false;
  field.focus();
});
document.addEventListener("keydown", (event) => {
  if (event.key !== ";" || event.isComposing) return;
  const field = event.target;
  if (!field.matches?.(".composer-reply textarea") || (field.value && !field.value.endsWith("\n"))) return;
  const menu = document.querySelector(".case-canned");
  if (!menu) return;
  event.preventDefault();
  menu.open = true;
  menu.querySelector("button")?.focus();
});

// Ctrl-Enter sends.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches?.(".composer textarea")) {
    event.preventDefault();
    event.target.form.requestSubmit();
  }
});
