// Counts this visit and shows its number. Without an answer (no counter behind this site, Redis away, a slow
// network) the page stays as it is: the number is an extra, so a failure is nothing that a reader must see.
"use strict";

// The counter answers in milliseconds; a number that comes later than this would only startle the reader.
const TIME_LIMIT_MS = 3000;

/** 1 -> "1st", 11 -> "11th", 112 -> "112th": the teens take "th" in every hundred. */
function ordinal(number) {
  const lastTwo = number % 100;
  const isTeen = lastTwo >= 11 && lastTwo <= 13;
  const suffix = isTeen ? "th" : ({ 1: "st", 2: "nd", 3: "rd" }[number % 10] ?? "th");
  return `${number}${suffix}`;
}

/** The number of this visit; throws on every answer that is not one. */
async function countVisit() {
  const response = await fetch("/api/visits", {
    method: "POST",
    headers: { Accept: "application/json" },
    signal: AbortSignal.timeout(TIME_LIMIT_MS),
  });
  if (!response.ok) throw new Error(`the counter answered ${response.status}`);
  const { visits } = await response.json();
  if (!Number.isSafeInteger(visits) || visits < 1) throw new TypeError("the counter sent no number");
  return visits;
}

const ticket = document.querySelector("[data-visit-ticket]");

if (ticket) {
  countVisit().then(
    (visits) => {
      ticket.querySelector("[data-visit-number]").textContent = ordinal(visits);
      ticket.hidden = false;
    },
    () => {},
  );
}
