// The CDK's own validation of templates, without the synth: node validate.js <aws-cdk-lib>, and on standard input
// [{stackConstructPath, templatePath, accountId?, region?}, …]. Writes the report as JSON.
"use strict";
const fs = require("node:fs");
const path = require("node:path");

const plugin = path.join(process.argv[2], "core", "lib", "validation", "cloudformation-validate-plugin.js");
const { CloudFormationValidatePlugin } = require(plugin);
const stackTemplates = JSON.parse(fs.readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(new CloudFormationValidatePlugin().validate({ stackTemplates })));
