// <relative-time datetime="…">: keeps "5 minutes ago" true beside the exact time. Same steps and rounding as the server.

import { language, words } from "ui/words";
import { everyBeat, now } from "ui/times";

const STEPS = [["year", 31536000], ["month", 2592000], ["week", 604800], ["day", 86400], ["hour", 3600], ["minute", 60]];
const format = new Intl.RelativeTimeFormat(language, { numeric: "always" });
const aired = (text) => text.replace(/(\d)(?=[\u4e00-\u9fff])|([\u4e00-\u9fff])(?=\d)/g, "$1$2 ");

export function relative(at) {
  const seconds = (at - now()) / 1000;
  if (Math.abs(seconds) < 60) return words.just_now;
  const [unit, size] = STEPS.find(([, size]) => Math.abs(seconds) / size >= 1.2) ?? STEPS.at(-1);
  return aired(format.format(Math.round(seconds / size) || Math.sign(seconds), unit));
}

customElements.define("relative-time", class extends HTMLElement {
  connectedCallback() {
    this.stop = everyBeat(() => this.show());
    this.show();
  }

  disconnectedCallback() {
    this.stop();
  }

  show() {
    const place = this.querySelector("[data-relative]");
    const at = Date.parse(this.getAttribute("datetime"));
    if (!place || Number.isNaN(at)) return;
    const text = relative(at);
    if (place.textContent !== text) place.textContent = text;
  }
});
