// Where typed text waits until the server has it. A draft leaves only when its form has demonstrably been accepted.

const PREFIX = "tightrope:draft:";
const SENT = "tightrope:sent";
const KEEP_DAYS = 14;

export const load = (key) => parse(localStorage.getItem(PREFIX + key));

export function save(key, fields) {
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify({ at: Date.now(), fields }));
  } catch (error) {
    // A full or forbidden store must not disturb typing; the text is still in the form.
    console.warn("This draft could not be kept.", error.name);
  }
}

export const drop = (key) => localStorage.removeItem(PREFIX + key);

export const markSent = (key) => sessionStorage.setItem(SENT, JSON.stringify({ key, from: location.href.split("#")[0] }));

// The page that follows a sent form decides: arrived from that form, neither an error page nor the same form with errors.
export function settle() {
  const sent = parse(sessionStorage.getItem(SENT));
  sessionStorage.removeItem(SENT);
  if (!sent) return;
  const arrival = performance.getEntriesByType("navigation")[0]?.type;
  const cameFromForm = document.referrer.split("#")[0] === sent.from;
  const isFailure = document.querySelector('meta[name="outcome"][content="error"]');
  if (arrival !== "back_forward" && cameFromForm && !isFailure && !hasFaults(sent.key)) drop(sent.key);
}

export const hasFaults = (key) =>
  [...document.querySelectorAll("draft-keeper")].some(
    (keeper) => keeper.getAttribute("key") === key && keeper.closest("form")?.querySelector('.errors, [aria-invalid="true"]'),
  );

export function forgetOld() {
  for (const name of Object.keys(localStorage)) {
    if (name.startsWith(PREFIX) && Date.now() - (parse(localStorage.getItem(name))?.at ?? 0) > KEEP_DAYS * 86400000) {
      localStorage.removeItem(name);
    }
  }
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
