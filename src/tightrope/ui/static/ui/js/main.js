// Loads a behaviour when the page first contains its element. Everything works without; this only makes it better.

document.documentElement.classList.add("has-js");

const known = JSON.parse(document.querySelector("script[type=importmap]").textContent).imports;
const asked = new Set();

function wake(root) {
  for (const element of root.querySelectorAll(":not(:defined)")) {
    const module = `element/${element.localName}`;
    if (module in known && !asked.has(module)) {
      asked.add(module);
      import(module);
    }
  }
}

// The page after a sent form decides whether its draft may go. Another site's frame may be refused the store.
try {
  if (sessionStorage.getItem("tightrope:sent")) import("ui/drafts").then((drafts) => drafts.settle());
} catch (error) {
  console.info("Drafts are not kept here.", error.name);
}

// Whoever signs out leaves none of his words on a computer that others use, too.
document.addEventListener("submit", (event) => {
  const reader = event.target.dataset.forgets;
  const names = reader ? Object.keys(localStorage) : [];
  for (const name of names) if (name.startsWith(`tightrope:draft:${reader}/`)) localStorage.removeItem(name);
});

wake(document);
new MutationObserver((changes) => {
  for (const change of changes) {
    for (const node of change.addedNodes) if (node.nodeType === Node.ELEMENT_NODE) wake(node.parentNode ?? document);
  }
}).observe(document.body, { childList: true, subtree: true });

// Where a row of tabs is wider than the screen, the open one is brought into sight.
for (const open of document.querySelectorAll(".tabs [aria-current]")) {
  const row = open.closest(".tabs");
  const [tab, all] = [open.getBoundingClientRect(), row.getBoundingClientRect()];
  row.scrollLeft += tab.left - all.left - (all.width - tab.width) / 2;
}

// A menu that would leave the window is moved back into it, wherever its button stands.
document.addEventListener("toggle", ({ target: menu }) => {
  const list = menu.matches?.("details.menu[open]") && menu.querySelector(":scope > :not(summary)");
  if (!list) return;
  list.style.translate = "";
  const { left, right } = list.getBoundingClientRect();
  const room = document.documentElement.clientWidth;
  if (left < 0) list.style.translate = `${8 - left}px`;
  else if (right > room) list.style.translate = `${room - 8 - right}px`;
}, true);

// A menu closes when the reader looks elsewhere, and by Escape.
document.addEventListener("pointerdown", (event) => closeMenus(event.target));
document.addEventListener("focusin", (event) => closeMenus(event.target));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest?.("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

function closeMenus(target) {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(target)) menu.open = false;
}

// A form is sent once: the second press of an impatient finger is ignored, and the button says that it works.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method")?.toLowerCase() !== "post" || form.target) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
  (event.submitter ?? form.querySelector("[type=submit]"))?.setAttribute("aria-busy", "true");
  // An answer that is a download leaves the page where it is.
  setTimeout(() => release(form), 8000);
});
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));

function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
}

// An act by htmx that failed must not fail in silence.
document.addEventListener("htmx:sendError", () => complain("unreachable"));
document.addEventListener("htmx:timeout", () => complain("unreachable"));
document.addEventListener("htmx:responseError", () => complain("refused"));

async function complain(sentence) {
  const { words } = await import("ui/words");
  const toast = document.createElement("undo-toast");
  toast.className = "toast";
  toast.textContent = words[sentence];
  document.getElementById("toasts")?.append(toast);
}
