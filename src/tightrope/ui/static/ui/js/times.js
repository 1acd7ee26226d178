// The server's time, and one beat for everything that counts. A phone's clock is a claim; the server's is what promises run by.

import { words } from "ui/words";

const answer = performance.getEntriesByType("navigation")[0];
const arrived = performance.timeOrigin + (answer?.responseStart ?? performance.now());
const offset = Date.parse(words.now) - arrived;

// The server wrote whole seconds, so up to two seconds of difference say nothing.
export const now = () => Date.now() + (Math.abs(offset) > 2000 ? offset : 0);

export const short = (milliseconds) => {
  const minutes = Math.floor(Math.abs(milliseconds) / 60000);
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
};

const listeners = new Set();
const beat = () => listeners.forEach((listener) => listener());
setInterval(beat, 5000);
document.addEventListener("visibilitychange", () => document.hidden || beat());

export function everyBeat(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
