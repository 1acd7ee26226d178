// <char-count data-most="500"><textarea>…: how much room is left; speaks up only when it gets tight.

customElements.define("char-count", class extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("input, textarea");
    if (!this.field || this.shown) return;
    this.shown = Object.assign(document.createElement("div"), { className: "counted" });
    this.append(this.shown);
    this.field.addEventListener("input", () => this.count());
    this.count();
  }

  count() {
    const most = Number(this.dataset.most);
    // Counted as the server counts: code points, not UTF-16 halves, so that an emoji is one.
    const used = [...this.field.value].length;
    this.shown.textContent = `${used} / ${most}`;
    this.shown.toggleAttribute("data-over", used > most);
    this.shown.setAttribute("aria-live", used > most * 0.9 ? "polite" : "off");
  }
});
