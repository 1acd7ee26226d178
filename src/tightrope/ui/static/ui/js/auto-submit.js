// <auto-submit><form method="get">…: a changed filter is applied at once; its button is needed only without JavaScript.

customElements.define("auto-submit", class extends HTMLElement {
  connectedCallback() {
    if (this.isReady) return;
    this.isReady = true;
    const form = this.querySelector("form") ?? this.closest("form");
    this.addEventListener("change", () => form?.requestSubmit());
    this.addEventListener("input", (event) => {
      if (!event.target.matches("input[type=search], input[type=text]")) return;
      clearTimeout(this.soon);
      this.soon = setTimeout(() => form?.requestSubmit(), 500);
    });
    this.addEventListener("submit", () => clearTimeout(this.soon));
  }

  disconnectedCallback() {
    clearTimeout(this.soon);
  }
});
