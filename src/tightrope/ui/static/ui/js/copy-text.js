// <copy-text data-said="Copied"><span data-copy>…</span> <button>: puts the text on the clipboard and says so.

customElements.define("copy-text", class extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    if (!button || this.isReady) return;
    this.isReady = true;
    button.addEventListener("click", async () => {
      const text = this.querySelector("[data-copy]")?.textContent.trim() ?? "";
      await copy(text);
      const before = [...button.childNodes];
      button.replaceChildren(this.dataset.said);
      button.setAttribute("role", "status");
      setTimeout(() => {
        button.replaceChildren(...before);
        button.removeAttribute("role");
      }, 1500);
    });
  }
});

// Without TLS (an office network) the clipboard of the browser is closed; a selected field still works.
async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = Object.assign(document.createElement("textarea"), { value: text, className: "aloud" });
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}
