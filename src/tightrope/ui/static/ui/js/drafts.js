// Where typed text waits until the server has it. A draft leaves only when its form has demonstrably been accepted.

const PREFIX = "tightrope:draft:";
const SENT = "tightrope:sent";
const KEPT_HOURS = 14 * 24;
const HOUR = 3600000;

const [tab, browser] = ["sessionStorage", "localStorage"].map(storeNamed);
const STORES = [tab, browser].filter(Boolean);

// A frame in another site's page may be refused any store: typing goes on without.
function storeNamed(name) {
  try {
    return window[name];
  } catch {
    return null;
  }
}

export function load(key) {
  const draft = STORES.map((store) => parse(store.getItem(PREFIX + key))).find(Boolean);
  return draft && !isOver(draft) ? draft : null;
}

export function save(key, fields, { hours = KEPT_HOURS, inTab = false, hadFiles = false } = {}) {
  try {
    const draft = { at: Date.now(), until: Date.now() + hours * HOUR, fields, hadFiles };
    (inTab ? tab : browser)?.setItem(PREFIX + key, JSON.stringify(draft));
  } catch (error) {
    // A full or forbidden store must not disturb typing; the text is still in the form.
    console.warn("This draft could not be kept.", error.name);
  }
}

export const drop = (key) => STORES.forEach((store) => store.removeItem(PREFIX + key));

export const markSent = (key) => tab?.setItem(SENT, JSON.stringify({ key, from: location.href.split("#")[0] }));

// The page that follows a sent form decides: arrived from that form, neither an error page nor the same form with errors.
export function settle() {
  const sent = parse(tab?.getItem(SENT));
  tab?.removeItem(SENT);
  if (!sent) return;
  const arrival = performance.getEntriesByType("navigation")[0]?.type;
  const cameFromForm = document.referrer.split("#")[0] === sent.from;
  if (arrival !== "back_forward" && cameFromForm && !isRefused() && !hasFaults(sent.key)) drop(sent.key);
}

// The page says that what was sent was not taken.
export const isRefused = () => document.querySelector('meta[name="outcome"][content="error"]') !== null;

export const keyOf = (keeper) => [keeper.getAttribute("of"), keeper.getAttribute("key")].filter(Boolean).join("/");

export const hasFaults = (key) =>
  [...document.querySelectorAll("draft-keeper")].some(
    (keeper) => keyOf(keeper) === key && keeper.closest("form")?.querySelector('.errors, [aria-invalid="true"]'),
  );

export function forgetOld() {
  for (const store of STORES) {
    for (const name of Object.keys(store)) {
      if (name.startsWith(PREFIX) && isOver(parse(store.getItem(name)))) store.removeItem(name);
    }
  }
}

function isOver(draft) {
  return Date.now() > (draft?.until ?? (draft?.at ?? 0) + KEPT_HOURS * HOUR);
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
