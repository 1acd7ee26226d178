// <draft-keeper key="reply-C-10293" hours="24" of="…" in-tab>: keeps what is typed in its form through reload, log-out and a dead
// battery. With `of` it is brought back to that reader alone and gone when he signs out; with `in-tab` it is gone with the tab.

import { language, say, words } from "ui/words";
import { drop, forgetOld, hasFaults, isRefused, keyOf, load, markSent, save } from "ui/drafts";

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
    // What was sent, and stands in the form again after "back", is no draft until somebody types.
    addEventListener("pagehide", () => this.soon && this.keep(), { signal });
  }

  disconnectedCallback() {
    this.leaving?.abort();
    clearTimeout(this.soon);
  }

  get key() {
    return keyOf(this);
  }

  fields() {
    return [...this.form.querySelectorAll(KEPT)].filter((field) => field.name);
  }

  keepSoon() {
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.keep(), 250);
  }

  keep() {
    clearTimeout(this.soon);
    this.soon = null;
    if (this.isSent) return;
    // A form that came back was filled in by the server with what was typed before.
    const typed = this.fields().filter(isRefused() || hasFaults(this.key) ? isFilled : isChanged);
    if (typed.length === 0) return drop(this.key);
    save(this.key, typed.map((field) => [field.name, field.value, isTicked(field) ? field.checked : null]), {
      hours: Number(this.getAttribute("hours")) || undefined,
      inTab: this.hasAttribute("in-tab"),
      hadFiles: [...this.form.querySelectorAll("input[type=file]")].some((input) => input.files.length > 0),
    });
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
    if (restored) this.tell(draft);
  }

  tell(draft) {
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
    const files = draft.hadFiles ? ` ${words.files_again}` : "";
    line.append(say("draft_restored", moment(draft.at)) + files, " ", discard);
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

function isFilled(field) {
  return isTicked(field) ? field.checked : field.value !== "";
}

// Every input has a `checked`; only of these does it mean something.
function isTicked(field) {
  return field.type === "checkbox" || field.type === "radio";
}

// "14:05", and of another day "21 Nov, 14:05".
function moment(at) {
  const day = new Date(at).toDateString() === new Date().toDateString() ? {} : { day: "numeric", month: "short" };
  const format = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { ...day, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return format.format(at);
}

function isChanged(field) {
  if (field.tagName === "SELECT") return [...field.options].some((option) => option.selected !== option.defaultSelected && option.selected);
  return isTicked(field) ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
}
