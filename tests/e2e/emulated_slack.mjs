// An emulated Slack (npm package emulate) on a loopback port that sends its events to a bot.
// Argument: the bot's address. Prints one line of JSON with its own address, then runs until killed.

import { readdirSync, readFileSync } from "node:fs";

const bot = process.argv[2];
const dist = new URL("./node_modules/emulate/dist/", import.meta.url);
// The package has no way to register an address for events, so its plugin is told on the way in.
const file = readdirSync(dist).find(
  (name) => /^dist-.*\.js$/.test(name) && readFileSync(new URL(name, dist), "utf8").includes("slackPlugin"),
);
const { slackPlugin } = await import(new URL(file, dist));
const { register } = slackPlugin;
slackPlugin.register = (app, store, webhooks, ...rest) => {
  webhooks.register({ url: bot, events: ["*"], active: true, owner: "slack" });
  register(app, store, webhooks, ...rest);
};

const { createEmulator } = await import(new URL("api.js", dist));
const scopes = process.argv[3].split(",");
const app = {
  client_id: "1.1", client_secret: "x", name: "hansyn", redirect_uris: [], scopes,
  bot_id: "BBOT", bot_user_id: "UBOT", bot_name: "hansyn",
};
const emulator = await createEmulator({
  service: "slack",
  port: 0,
  hostname: "127.0.0.1",
  seed: {
    slack: {
      users: [{ name: "anna" }, { name: "bo" }],
      channels: [{ name: "inkop" }, { name: "stod" }],
      oauth_apps: [app],
      tokens: [
        { token: "xoxb-bot", type: "bot", user_id: "UBOT", bot_user_id: "UBOT", bot_id: "BBOT", scopes },
        { token: "xoxp-anna", type: "user", user: "anna" },
        { token: "xoxp-bo", type: "user", user: "bo" },
      ],
      signing_secret: "hemligt",
      strict_scopes: true,
    },
  },
});
console.log(JSON.stringify({ url: emulator.url }));
