// <due-clock datetime="…">: counts a promise down. At zero it turns its surroundings late and says so by the event "overdue".

import { say } from "ui/words";
import { everyBeat, now, short } from "ui/times";

const DAY = 24 * 60 * 60 * 1000;

customElements.define("due-clock", class extends HTMLElement {
  connectedCallback() {
    this.stop = everyBeat(() => this.show());
    this.show();
  }

  disconnectedCallback() {
    this.stop();
  }

  show() {
    const left = Date.parse(this.getAttribute("datetime")) - now();
    // Further than a day away the server's words, which name the day, stay as they are.
    if (Number.isNaN(left) || left >= DAY || left < -4 * DAY) return;
    const figure = this.querySelector("time") ?? this;
    const text = left < 0 ? say("over", short(left)) : say("left", short(left));
    if (figure.textContent !== text) figure.textContent = text;
    const around = this.closest("[data-light]");
    if (left < 0 && around?.dataset.light === "accepted") {
      around.dataset.light = "late";
      this.dispatchEvent(new CustomEvent("overdue", { bubbles: true }));
    }
  }
});
