// <file-drop data-most-bytes="…">: previews what will be sent, takes dropped and pasted files, leaves out what is too large.

const KB = 1000;
const written = (bytes) => (bytes < KB * KB ? `${Math.max(1, Math.round(bytes / KB))} KB` : `${(bytes / KB / KB).toFixed(1)} MB`);

customElements.define("file-drop", class extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input[type=file]");
    this.list = this.querySelector("[data-files]");
    if (!this.input || !this.list || this.kept) return;
    this.kept = [];
    this.tooBig = [];
    this.leaving = new AbortController();
    const { signal } = this.leaving;
    this.input.addEventListener("change", () => this.add([...this.input.files]), { signal });
    this.addEventListener("dragover", (event) => this.over(event, true), { signal });
    this.addEventListener("dragleave", (event) => this.over(event, false), { signal });
    this.addEventListener("drop", (event) => {
      this.over(event, false);
      this.add([...event.dataTransfer.files]);
    }, { signal });
    this.closest("form")?.addEventListener("paste", (event) => {
      if (event.clipboardData.files.length) this.add([...event.clipboardData.files]);
    }, { signal });
  }

  disconnectedCallback() {
    this.leaving?.abort();
    this.kept = undefined;
  }

  over(event, isOver) {
    event.preventDefault();
    this.toggleAttribute("data-over", isOver);
  }

  add(files) {
    const most = Number(this.dataset.mostBytes) || Infinity;
    const isNew = (file) => !this.kept.some((one) => one.name === file.name && one.size === file.size && one.lastModified === file.lastModified);
    if (!this.input.multiple) this.kept = [];
    this.kept.push(...files.filter((file) => file.size <= most && isNew(file)));
    if (!this.input.multiple) this.kept = this.kept.slice(-1);
    this.tooBig = files.filter((file) => file.size > most);
    this.show();
  }

  show() {
    const carrier = new DataTransfer();
    for (const file of this.kept) carrier.items.add(file);
    this.input.files = carrier.files;
    this.list.hidden = this.kept.length + this.tooBig.length === 0;
    this.list.replaceChildren(...this.kept.map((file) => this.row(file)), ...this.tooBig.map((file) => this.row(file, this.dataset.tooBig)));
    this.dispatchEvent(new CustomEvent("files", { bubbles: true, detail: { count: this.kept.length } }));
  }

  row(file, fault) {
    const row = document.createElement("li");
    const thumb = Object.assign(document.createElement("span"), { className: "files-thumb" });
    if (file.type.startsWith("image/")) {
      const image = Object.assign(new Image(40, 40), { alt: "", src: URL.createObjectURL(file) });
      image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
      thumb.append(image);
    } else {
      thumb.textContent = file.name.split(".").pop().slice(0, 4).toUpperCase();
    }
    const text = Object.assign(document.createElement("span"), { className: "stack-tight" });
    text.append(
      Object.assign(document.createElement("span"), { className: "files-name", textContent: file.name }),
      Object.assign(document.createElement("span"), { className: fault ? "error" : "quiet", textContent: fault ? `${written(file.size)} · ${fault}` : written(file.size) }),
    );
    const remove = Object.assign(document.createElement("button"), { type: "button", className: "button button-quiet button-small", textContent: this.dataset.remove });
    remove.setAttribute("aria-label", `${this.dataset.remove}: ${file.name}`);
    remove.addEventListener("click", () => {
      this.kept = this.kept.filter((one) => one !== file);
      this.tooBig = this.tooBig.filter((one) => one !== file);
      this.show();
      this.input.focus();
    });
    row.append(thumb, text, remove);
    return row;
  }
});
