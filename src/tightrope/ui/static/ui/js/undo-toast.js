// <undo-toast data-seconds="10">: counts the seconds in which an act can be undone, and goes. It waits while one reads or points at it.

customElements.define("undo-toast", class extends HTMLElement {
  connectedCallback() {
    this.left = Number(this.dataset.seconds ?? 10);
    this.timer = setInterval(() => this.beat(), 1000);
    this.show();
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  beat() {
    if (this.matches(":hover, :focus-within") || document.hidden) return;
    this.left -= 1;
    if (this.left <= 0) this.remove();
    else this.show();
  }

  show() {
    const place = this.querySelector("[data-left]");
    if (place) place.textContent = this.left > 60 ? "" : this.left;
  }
});
