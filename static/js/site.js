// Comfort only: every page works without this file.
"use strict";
addEventListener("load", () => navigator.serviceWorker?.register("/sw.js").catch(() => {}));

const messages = () => document.getElementById("messages");

// A notice made here, where no answer came; the page holds its words (_messages.html).
function say(what) {
  const words = messages()?.dataset ?? {};
  const make = (tag, told) => Object.assign(document.createElement(tag), told);
  const close = { className: "link-button", type: "button", textContent: words.sayClose };
  const notice = make("div", { className: "notice toast" });
  notice.dataset.tone = "chili";
  notice.append(make("p", { textContent: words[what] }), make("button", close));
  notice.lastChild.dataset.close = "";
  messages()?.replaceChildren(notice);
}

// htmx keeps the page's address, which may be a letter's secret link, for a history of
// pages that the shop does not let it have.
function forgetAddress() {
  sessionStorage.removeItem("htmx-current-path-for-history");
}
forgetAddress();
for (const step of ["pushedIntoHistory", "replacedInHistory", "historyRestore"])
  document.addEventListener(`htmx:${step}`, forgetAddress);

// Where what had the focus is gone, reading goes on at the heading of what came.
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (document.activeElement === document.body) detail.elt.querySelector?.("h1")?.focus();
});

// What was said of the last change is old news once the next one is on its way.
document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  if (detail.requestConfig.verb !== "get") messages()?.replaceChildren();
});

// A town typed while the pincode was being looked up stays.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const sent = detail.requestConfig.parameters;
  const fields = detail.target.matches("#region") ? detail.target.querySelectorAll("input") : [];
  if ([...fields].some(({ name, value }) => value !== sent[name])) detail.shouldSwap = false;
});

// A shelf that the browser kept for going back to knows nothing of what came after it.
onpageshow = ({ persisted }) => persisted && document.querySelector(".card-buy") && location.reload();

document.addEventListener("htmx:sendError", () => say("sayOffline"));
document.addEventListener("htmx:timeout", () => say("sayLate"));
document.addEventListener("htmx:responseError", ({ detail }) => {
  say({ 403: "sayOld", 404: "sayGone" }[detail.xhr.status] ?? "sayBusy");
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
