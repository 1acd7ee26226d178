// What the behaviours say, in the language of the page; written by the server into the page.

export const words = JSON.parse(document.getElementById("ui-words").textContent);

export const language = document.documentElement.lang || "en";

export const say = (sentence, value) => words[sentence].replace("{}", value);
