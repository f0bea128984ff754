// Lighthouse on each address that is given, in a Chromium that already runs; one line of JSON for each address.
//   node lighthouse.mjs PORT WANTED ADDRESS ...
// PORT is Chromium's --remote-debugging-port, WANTED the performance score, 0 to 1, below which a page is tried again.
// A line: {"address", "performance": {"score": 1, "lost": []}, "accessibility": …, "best-practices": …, "seo": …}
import lighthouse from "lighthouse";
import { throttling } from "lighthouse/core/config/constants.js";

const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];
const MOST_ATTEMPTS = 3;
const SETTINGS = {
  onlyCategories: CATEGORIES,
  output: [],
  logLevel: "error",
  disableFullPageScreenshot: true, // nobody looks at it
  throttling: { ...throttling.mobileSlow4G, cpuSlowdownMultiplier: 2 }, // why 2: test_lighthouse.py
};

/** The audits that took points from a category, or could not be made. */
function lost(category, audits) {
  return category.auditRefs
    .filter(({ id, weight }) => weight > 0 && (audits[id].scoreDisplayMode === "error" || (audits[id].score ?? 1) < 1))
    .map(({ id, weight }) => {
      const { title, score, displayValue, explanation, errorMessage, details } = audits[id];
      const items = (details?.items ?? []).slice(0, 3).map((item) => item.node?.snippet ?? item.url ?? item.description ?? "");
      return { id, weight, title, score, value: errorMessage ?? explanation ?? displayValue ?? "", items };
    });
}

async function judge(address, port) {
  const { lhr } = await lighthouse(address, { ...SETTINGS, port });
  return Object.fromEntries(
    CATEGORIES.map((id) => {
      const category = lhr.categories[id];
      return [id, { score: category.score, lost: lost(category, lhr.audits) }];
    }),
  );
}

const [port, wanted, ...addresses] = process.argv.slice(2);
for (const address of addresses) {
  let judged = await judge(address, Number(port));
  for (let attempt = 2; attempt <= MOST_ATTEMPTS && (judged.performance.score ?? 0) < Number(wanted); attempt++) {
    const { performance } = await judge(address, Number(port));
    if ((performance.score ?? 0) > (judged.performance.score ?? 0)) judged = { ...judged, performance };
  }
  console.log(JSON.stringify({ address, ...judged }));
}
