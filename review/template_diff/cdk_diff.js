// The CDK's own diff of templates: on standard input [{before, after}, …], a template each. Writes, for each pair,
// what CDK's diff found, as JSON, and the text that `cdk diff` prints.
"use strict";
const fs = require("node:fs");
const { Writable } = require("node:stream");
const { formatDifferences, fullDiff } = require("@aws-cdk/cloudformation-diff");

const PATH = "aws:cdk:path";

function resource(id, change) {
  const properties = Object.entries(change.propertyUpdates);
  const part = ([name, { oldValue, newValue, changeImpact }]) => ({
    name,
    before: oldValue ?? null,
    after: newValue ?? null,
    impact: changeImpact ?? "WILL_UPDATE",
  });
  return {
    id,
    path: (change.newValue ?? change.oldValue).Metadata?.[PATH] ?? "",
    type: change.newResourceType ?? change.oldResourceType,
    impact: change.changeImpact,
    deletionPolicy: change.oldValue?.DeletionPolicy ?? "",
    replacePolicy: change.oldValue?.UpdateReplacePolicy ?? "",
    properties: properties.map(part),
    others: Object.entries(change.otherChanges).map(part),
  };
}

// what CDK's diff keeps apart from the resources
const SECTIONS = ["parameters", "mappings", "conditions", "outputs", "metadata", "unknown"];
const LINES = ["awsTemplateFormatVersion", "transform", "description"];

function read({ before, after }) {
  const diff = fullDiff(before, after);
  const resources = [];
  diff.resources.forEachDifference((id, change) => resources.push(resource(id, change)));
  const others = LINES.filter((name) => diff[name]?.isDifferent).map((name) => ({ section: "template", id: name, how: "changed" }));
  for (const section of SECTIONS) {
    diff[section].forEachDifference((id, change) => {
      others.push({ section, id, how: change.isAddition ? "added" : change.isRemoval ? "removed" : "changed" });
    });
  }
  const { iamChanges, securityGroupChanges } = diff;
  const tables = {
    "IAM statement": iamChanges.summarizeStatements(),
    "managed policy": iamChanges.summarizeManagedPolicies(),
    "SSO permission set": iamChanges.summarizeSsoPermissionSets(),
    "SSO assignment": iamChanges.summarizeSsoAssignments(),
    "SSO access control": iamChanges.summarizeSsoInstanceACAConfigs(),
    "security group rule": securityGroupChanges.summarize(),
  };
  const security = Object.entries(tables).flatMap(([kind, [, ...rows]]) =>
    rows.map(([sign, on, ...rest]) => ({ kind, sign, on, says: rest.filter(Boolean).join(" ") })),
  );
  const chunks = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  formatDifferences(stream, diff, Object.fromEntries(resources.filter(({ path }) => path).map(({ id, path }) => [id, path])));
  return {
    resources,
    others,
    security,
    broadened: diff.permissionsBroadened,
    text: diff.isEmpty ? "" : Buffer.concat(chunks).toString("utf8"),
  };
}

process.stdout.write(JSON.stringify(JSON.parse(fs.readFileSync(0, "utf8")).map(read)));
