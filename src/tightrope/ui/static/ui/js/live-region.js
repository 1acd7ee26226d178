// <live-region topics="case:abc desk:queue" data-src="/cases/abc/conversation/">: asks for its fragment again when a topic changes.
// One stream serves all regions of a page and rests while nobody looks: browsers allow few open connections to a host.

import { words } from "ui/words";

const LONGEST_WAIT = 30000;
const LONGEST_ANSWER = 10000;
const BREATH = 250;
const regions = new Set();
let stream = null;
let topics = "";
let wait = 1000;
let retry = 0;

const wanted = () => [...new Set([...regions].flatMap((region) => region.topics))].sort().join(" ");

function connect() {
  clearTimeout(retry);
  stream?.close();
  stream = null;
  topics = wanted();
  if (!topics || document.hidden) return;
  const query = topics.split(" ").map((topic) => `topic=${encodeURIComponent(topic)}`).join("&");
  stream = new EventSource(`/live?${query}`);
  let wasOpen = false;
  stream.onopen = () => {
    wait = 1000;
    tell(false);
    wasOpen = true;
  };
  stream.addEventListener("changed", (event) => {
    for (const region of regions) if (event.data === "*" || region.topics.includes(event.data)) region.refresh();
  });
  stream.onerror = () => {
    stream.close();
    // A stream that never opened is refused or absent; it is asked for again, ever more rarely, without a word.
    if (wasOpen) tell(true);
    retry = setTimeout(() => (connect(), catchUp()), wait * (0.75 + Math.random() / 2));
    wait = Math.min(wait * 2, LONGEST_WAIT);
  };
}

const catchUp = () => regions.forEach((region) => region.refresh());

// Regions come and go in groups when a page is swapped; the stream is opened anew once for all of them.
let soon = 0;
function connectSoon() {
  clearTimeout(soon);
  soon = setTimeout(() => wanted() !== topics && connect(), 50);
}

document.addEventListener("visibilitychange", () => {
  connect();
  if (!document.hidden) catchUp();
});
addEventListener("online", () => (connect(), catchUp()));
addEventListener("pagehide", () => stream?.close());
addEventListener("pageshow", (event) => event.persisted && (connect(), catchUp()));

function tell(isAway) {
  document.querySelector(".live-state")?.remove();
  if (!isAway) return;
  const line = document.createElement("div");
  line.className = "live-state";
  line.setAttribute("role", "status");
  line.textContent = words.reconnecting;
  document.body.append(line);
}

customElements.define("live-region", class extends HTMLElement {
  connectedCallback() {
    regions.add(this);
    connectSoon();
  }

  disconnectedCallback() {
    regions.delete(this);
    this.asking?.abort();
    connectSoon();
  }

  get topics() {
    return (this.getAttribute("topics") ?? "").split(/\s+/).filter(Boolean);
  }

  async refresh() {
    if (!this.dataset.src) return this.dispatchEvent(new CustomEvent("changed", { bubbles: true }));
    if (this.isBusy()) {
      this.addEventListener("focusout", () => setTimeout(() => this.refresh(), 200), { once: true });
      return;
    }
    // Acts on many things at once say so one by one: whoever looks on asks again when he has his answer, and not for each.
    if (this.asking) return void (this.isOutdated = true);
    const asking = (this.asking = new AbortController());
    const patience = setTimeout(() => asking.abort(), LONGEST_ANSWER);
    try {
      const answer = await fetch(this.dataset.src, { headers: { "HX-Request": "true" }, signal: asking.signal });
      if (!answer.ok || answer.redirected) return;
      const html = await answer.text();
      if (!this.isBusy()) this.put(html);
    } catch (error) {
      // A network that is away is said by the stream; who left the page needs no answer.
      if (error.name !== "AbortError" && error.name !== "TypeError") throw error;
    } finally {
      clearTimeout(patience);
      setTimeout(() => this.rested(), this.isOutdated ? BREATH : 0);
    }
  }

  rested() {
    const isOutdated = this.isOutdated && this.isConnected;
    this.asking = null;
    this.isOutdated = false;
    if (isOutdated) this.refresh();
  }

  // Nothing is taken away from under somebody's hands.
  isBusy() {
    const held = document.activeElement;
    return this.contains(held) && held.matches("input, textarea, select, [contenteditable]");
  }

  put(html) {
    const heldId = this.contains(document.activeElement) ? document.activeElement.id : "";
    this.innerHTML = html;
    window.htmx?.process(this);
    if (heldId) document.getElementById(heldId)?.focus();
    this.dispatchEvent(new CustomEvent("refreshed", { bubbles: true }));
  }
});
