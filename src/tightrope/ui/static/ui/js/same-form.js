// <same-form><input type="hidden" …></same-form>: what makes a form known when it is sent again stays with its place in the
// browser's history. Without it "back" would bring the sent words with the mark of a new form, and they would be sent twice.

const STATE = "tightrope:form";
const LASTS = 24 * 3600000; // as long as the server takes a form

customElements.define("same-form", class extends HTMLElement {
  connectedCallback() {
    const mark = this.querySelector("input[type=hidden]");
    if (!mark) return;
    const known = history.state?.[STATE];
    if (known && known.name === mark.name && Date.now() - known.at < LASTS) mark.value = known.value;
    else history.replaceState({ ...history.state, [STATE]: { name: mark.name, value: mark.value, at: Date.now() } }, "");
  }
});
