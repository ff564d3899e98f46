// Finds the token, opens the session, and gives it to the panels.

import { mountPanels } from "./dom.js";
import { Session } from "./session.js";
import "./panels/header.js";
import "./panels/cards.js";
import "./panels/strip.js";
import "./panels/parameters.js";
import "./panels/meters.js";
import "./panels/taps.js";
import "./panels/keyboard.js";
import "./panels/performance.js";
import "./panels/log.js";
import "./panels/help.js";

const tokenKey = "jig.token";

/** The token of the address, which then disappears from it, or the one that this tab remembers. */
function takeToken() {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given !== null) {
    sessionStorage.setItem(tokenKey, given);
    history.replaceState(null, "", location.pathname);
  }
  return sessionStorage.getItem(tokenKey);
}

const token = takeToken();
// Pasting the address again changes only its fragment, which loads nothing.
addEventListener("hashchange", () => takeToken() !== token && location.reload());

const where = "open the address that dev-server printed when it started; it ends in #token=…";
const session = new Session(
  `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws${token ? `?token=${encodeURIComponent(token)}` : ""}`,
  token ? `The server refuses this page's token: ${where}` : `This page has no token: ${where}`,
);
mountPanels(session);
// Also without a token: a server that was started with --no-token asks for none.
session.connect();
