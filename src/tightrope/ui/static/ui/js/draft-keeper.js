// <draft-keeper key="reply-C-10293">: keeps what is typed in its form through reload, log-out and a dead battery.

import { words } from "ui/words";
import { drop, forgetOld, hasFaults, load, markSent, save } from "ui/drafts";

const KEPT = "input:not([type=hidden], [type=password], [type=file], [type=submit], [type=button], [type=search]), textarea, select";

customElements.define("draft-keeper", class extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form") ?? this.querySelector("form");
    if (!this.form) return;
    forgetOld();
    this.restore();
    this.leaving = new AbortController();
    const { signal } = this.leaving;
    this.form.addEventListener("input", () => this.keepSoon(), { signal });
    this.form.addEventListener("submit", (event) => event.defaultPrevented || this.sending(), { signal });
    this.form.addEventListener("htmx:afterRequest", (event) => this.answered(event), { signal });
    addEventListener("pagehide", () => this.keep(), { signal });
  }

  disconnectedCallback() {
    this.leaving?.abort();
    clearTimeout(this.soon);
  }

  get key() {
    return this.getAttribute("key");
  }

  fields() {
    return [...this.form.querySelectorAll(KEPT)].filter((field) => field.name);
  }

  keepSoon() {
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.keep(), 250);
  }

  keep() {
    if (this.isSent) return;
    const typed = this.fields().filter(isChanged);
    if (typed.length === 0) return;
    save(this.key, typed.map((field) => [field.name, field.value, field.checked ?? null]));
  }

  restore() {
    const draft = load(this.key);
    if (!draft || hasFaults(this.key)) return;
    let restored = 0;
    for (const [name, value, checked] of draft.fields) {
      const field = this.fields().find((one) => one.name === name && (checked === null || one.value === value));
      // What the server or the reader has put there since is not overwritten.
      if (!field || isChanged(field) || (checked === null && field.value && field.tagName !== "SELECT")) continue;
      if (checked === null) field.value = value;
      else field.checked = checked;
      restored += 1;
    }
    if (restored) this.tell();
  }

  tell() {
    const line = document.createElement("p");
    line.className = "quiet row";
    line.setAttribute("role", "status");
    const discard = document.createElement("button");
    discard.type = "button";
    discard.className = "button button-quiet button-small";
    discard.textContent = words.discard;
    discard.addEventListener("click", () => {
      drop(this.key);
      this.form.reset();
      line.remove();
    });
    line.append(words.draft_restored, " ", discard);
    this.append(line);
  }

  sending() {
    this.keep();
    this.isSent = true;
    markSent(this.key);
    // A page that comes back from the browser's memory was not sent after all.
    addEventListener("pageshow", () => (this.isSent = false), { once: true });
  }

  answered(event) {
    if (event.detail.elt !== this.form) return;
    this.isSent = false;
    if (event.detail.successful && !hasFaults(this.key)) drop(this.key);
  }
});

function isChanged(field) {
  if (field.tagName === "SELECT") return [...field.options].some((option) => option.selected !== option.defaultSelected && option.selected);
  return "checked" in field && /checkbox|radio/.test(field.type) ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
}
