// Reads Adaptive Cards as JSON from stdin and prints what Microsoft's own renderer finds wrong.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const Module = require("node:module");

// The package is marked as ES modules, but its bundle is a script that must be loaded as one.
const bundle = path.join(__dirname, "node_modules/adaptivecards/dist/adaptivecards.min.js");
const script = new Module(bundle);
script._compile(fs.readFileSync(bundle, "utf8"), bundle);
const { AdaptiveCard, HostConfig, SerializationContext } = script.exports;
// As many buttons as Teams shows; the renderer's own default is one less.
const teams = new HostConfig({ actions: { maxActions: 6 } });

const found = JSON.parse(fs.readFileSync(0, "utf8")).map((json) => {
  const card = new AdaptiveCard();
  card.hostConfig = teams;
  const context = new SerializationContext();
  card.parse(json, context);
  const parsing = Array.from({ length: context.eventCount }, (_, at) => context.getEventAt(at));
  const faults = card.validateProperties().validationEvents;
  return [...parsing, ...faults].map((event) => event.message);
});
process.stdout.write(JSON.stringify(found));
