// Comfort only: every page works without this file.
"use strict";
addEventListener("load", () => navigator.serviceWorker?.register("/sw.js").catch(() => {}));

const messages = () => document.getElementById("messages");

// A notice made here, where no answer came from which to take one.
function say(words) {
  const make = (tag, told) => Object.assign(document.createElement(tag), told);
  const close = { className: "link-button", type: "button", textContent: "Close" };
  const notice = make("div", { className: "notice toast" });
  notice.dataset.tone = "chili";
  notice.append(make("p", { textContent: words }), make("button", close));
  notice.lastChild.dataset.close = "";
  messages()?.replaceChildren(notice);
}

// htmx keeps the page's address, which may be a letter's secret link, for a history of
// pages that the shop does not let it have.
function forgetAddress() {
  sessionStorage.removeItem("htmx-current-path-for-history");
}
forgetAddress();
for (const step of ["pushedIntoHistory", "replacedInHistory", "historyRestore"]) {
  document.addEventListener(`htmx:${step}`, forgetAddress);
}

// Where what had the focus is gone, reading goes on at the heading of what came.
document.addEventListener("htmx:afterSettle", (event) => {
  const lost = document.activeElement === document.body;
  if (lost) event.detail.elt.querySelector?.("h1")?.focus();
});

// What was said of the last change is old news once the next one is on its way.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.requestConfig.verb !== "get") messages()?.replaceChildren();
});

document.addEventListener("htmx:sendError", () => {
  say("No connection. Nothing was changed; please try again.");
});

document.addEventListener("htmx:timeout", () => {
  say("That took too long. Please look whether it went through, then try again.");
});

document.addEventListener("htmx:responseError", (event) => {
  const status = event.detail.xhr.status;
  if (status === 403) say("This page is too old. Please reload it and try again.");
  else if (status === 404) say("That is not there any more. Please reload the page.");
  else say("The shop could not do that just now. Please try again in a moment.");
});

document.addEventListener("click", (event) => {
  event.target.closest("[data-close]")?.closest(".notice").remove();
  // an open box of the header closes when one looks elsewhere
  for (const box of document.querySelectorAll(".header-box[open]")) {
    if (!box.contains(event.target)) box.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const box of document.querySelectorAll(".header-box[open]")) {
    box.open = false;
    box.querySelector("summary").focus();
  }
  if (event.target.closest("#suggestions")) document.getElementById("search").focus();
  document.getElementById("suggestions")?.replaceChildren();
});

// Arrow keys walk from the search box through the suggestions and back.
document.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !event.target.closest(".search")) return;
  const stops = [...document.querySelectorAll("#search, #suggestions a")];
  const next = stops[stops.indexOf(event.target) + step];
  if (next) event.preventDefault();
  next?.focus();
});
