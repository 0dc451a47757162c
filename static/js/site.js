// Comfort only: every page works without this file.
"use strict";

const messages = () => document.getElementById("messages");

// A notice made here, where no answer came from which to take one.
function say(words) {
  const region = messages();
  if (!region) return;
  const notice = document.createElement("div");
  notice.className = "notice toast";
  notice.dataset.tone = "chili";
  const text = document.createElement("p");
  text.textContent = words;
  const close = document.createElement("button");
  close.className = "link-button";
  close.type = "button";
  close.dataset.close = "";
  close.textContent = "Close";
  notice.append(text, close);
  region.replaceChildren(notice);
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

// After a failed form the summary is where reading goes on.
document.addEventListener("htmx:afterSettle", (event) => {
  const part = event.detail.elt;
  const summary = part.matches?.(".error-summary")
    ? part
    : part.querySelector?.(".error-summary");
  summary?.focus();
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
  // an open pincode box closes when one looks elsewhere
  for (const box of document.querySelectorAll(".pincode-box[open]")) {
    if (!box.contains(event.target)) box.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const box of document.querySelectorAll(".pincode-box[open]")) {
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
