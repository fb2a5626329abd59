// How does the page stay up to date without losing what is being typed? It works without this file, too.
"use strict";
(() => {
  const body = document.body;
  const $ = (selector, from = document) => from.querySelector(selector);
  const every = (selector, from = document) => [...from.querySelectorAll(selector)];
  const form = $(".compose"), words = $("#words"), problem = $("#problem");
  const POLL_MS = 1000, TOAST_MS = 7000, NEAR_END = 200, AT_END_PX = 40, NOT_HERE = [403, 404];
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const draft = `draft:${body.dataset.draft}`;
  let seen = body.dataset.seen, shownPress = Number($("#toast").dataset.press), toastTimer = 0, offline = false;

  // what went wrong
  const complain = (sentence) => {
    $("p", problem).textContent = sentence;
    problem.hidden = !sentence;
  };

  // new and changed messages
  const place = (fresh) => {
    const old = document.getElementById(fresh.id), held = old && old.contains(document.activeElement);
    const value = held ? document.activeElement.value : null;
    if (!old || old.isEqualNode(fresh)) return old;
    old.replaceWith(fresh);
    if (held) (every("button", fresh).find((one) => one.value === value) || $("a, button", fresh))?.focus();
    return fresh;
  };

  const mergeLog = (fresh) => {
    const log = document.getElementById(fresh.id), room = log.closest(".room"), scroll = log.closest(".scroll");
    const atEnd = Math.abs(scroll.scrollTop) < AT_END_PX;
    const top = scroll.getBoundingClientRect().top;
    const anchor = every(":scope > li", log).find((one) => one.getBoundingClientRect().bottom > top);
    const before = anchor ? anchor.getBoundingClientRect().top : 0;
    const ids = new Set(every(":scope > li", fresh).map((one) => one.id));
    every(":scope > li", log).filter((one) => !ids.has(one.id)).forEach((one) => one.remove());
    let added = false;
    for (const item of every(":scope > li", fresh)) {
      if (place(item)) continue;
      log.append(item);
      if (!calm) item.animate([{ opacity: 0 }, { opacity: 1 }], 250);
      added = true;
    }
    const kept = anchor && document.getElementById(anchor.id);
    if (atEnd) scroll.scrollTop = 0;
    else if (kept) scroll.scrollTop += kept.getBoundingClientRect().top - before;
    if (added) announce(room, atEnd);
  };

  const announce = (room, atEnd) => {
    if (!atEnd) $(".fresh", room).hidden = false;
    if (room.offsetParent === null) $(`[data-tab="${room.id.slice(5)}"] .dot`).hidden = false;
  };

  const react = (fresh) => {
    const toast = $("#toast"), press = Number(fresh.dataset.press);
    if (press <= shownPress) return;
    shownPress = press;
    toast.textContent = fresh.textContent;
    toast.hidden = false;
    clearTimeout(toastTimer);
    toastTimer = setTimeout(() => { toast.hidden = true; }, TOAST_MS);
  };

  const merge = (html, word) => {
    const parts = document.createElement("template");
    parts.innerHTML = html;
    seen = word;
    const clock = $("#clock", parts.content);
    if (clock) place(clock);
    every(".log", parts.content).forEach(mergeLog);
    react($("#toast", parts.content));
    if (form && clock) form.elements.token.value = $("[name=token]", $("#clock")).value;
  };

  const poll = async () => {
    try {
      const asked = new URL(body.dataset.poll, location.href);
      asked.searchParams.set("see", body.dataset.see);
      asked.searchParams.set("seen", seen);
      const answer = document.hidden ? null : await fetch(asked);
      if (answer && NOT_HERE.includes(answer.status)) return location.reload();
      if (answer && answer.status === 200) merge(await answer.text(), answer.headers.get("X-Seen"));
      if (answer && offline) complain("");
      if (answer) offline = false;
    } catch {
      offline = true;
      complain(body.dataset.offline);
    }
    setTimeout(poll, POLL_MS);
  };

  // doing something
  const send = async (target, button) => {
    const fields = new URLSearchParams(new FormData(target));
    if (button && button.name) fields.set(button.name, button.value);
    const answer = await fetch(target.action, { method: "POST", headers: { Accept: "application/json" }, body: fields });
    const result = await answer.json();
    complain(result.problem || "");
    if (result.state) merge(result.state, result.seen);
    return result;
  };

  const said = (nonce, text) => {
    form.elements.nonce.value = nonce;
    if (words.value === text) words.value = "";
    reply("", "");
    typed();
    form.closest(".room").querySelector(".scroll").scrollTop = 0;
  };

  document.addEventListener("submit", async (event) => {
    event.preventDefault();
    const target = event.target, button = event.submitter || $("button", target), text = words ? words.value : "";
    if (target.dataset.busy) return;
    target.dataset.busy = "yes";
    try {
      const result = await send(target, button);
      if (target === form && !result.problem) said(result.nonce, text);
    } catch {
      complain(body.dataset.unsent);
    } finally {
      delete target.dataset.busy;
    }
  });

  // writing
  const reply = (id, sentence) => {
    form.elements.reply_to.value = id;
    $(".replying", form).hidden = !id;
    $(".replying span", form).textContent = sentence;
    const plain = $(".plain", form), ask = $(".ask", form);
    if (ask) ask.hidden = Boolean(id);
    if (plain) plain.textContent = id ? plain.dataset.replying : plain.dataset.else;
  };

  const typed = () => {
    words.style.height = "auto";
    words.style.height = `${words.scrollHeight + 4}px`;
    const left = Number(words.dataset.max) - [...words.value.trim()].length, count = $("#count");
    count.hidden = left > NEAR_END;
    count.classList.toggle("over", left < 0);
    count.textContent = (left < 0 ? body.dataset.over : body.dataset.left).replace("#", Math.abs(left));
    sessionStorage.setItem(draft, words.value);
  };

  const fill = (text) => {
    words.value = text;
    typed();
    words.focus();
  };

  const quoteOf = (link) => {
    const message = link.closest(".message");
    const text = $(".head", message)?.textContent || $(".text", message).textContent;
    const facts = { "#name": $("b", message).textContent, "#text": text.replace(/\s+/g, " ").trim() };
    return body.dataset.reply.replace(/#name|#text/g, (fact) => facts[fact]);
  };

  const see = (kind) => {
    body.dataset.see = kind;
    every(".tabs a").forEach((tab) => tab.removeAttribute("aria-current"));
    $(`[data-tab="${kind}"]`).setAttribute("aria-current", "true");
    $(`[data-tab="${kind}"] .dot`).hidden = true;
    history.replaceState(null, "", `${body.dataset.here}&see=${kind}`);
  };

  const CLICKS = {
    ".reply": (link) => { reply(link.closest(".message").id.slice(1), quoteOf(link)); words.focus(); },
    ".tries a": (link) => fill(link.textContent.trim()),
    ".tabs a": (link) => see(link.dataset.tab),
    "[data-close=reply]": () => { reply("", ""); words.focus(); },
    "[data-close=problem]": () => complain(""),
    ".fresh": (button) => { button.hidden = true; button.closest(".room").querySelector(".scroll").scrollTop = 0; },
  };

  const steps = $(".steps");
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && steps) steps.open = false; });
  document.addEventListener("click", (event) => {
    if (steps && !steps.contains(event.target)) steps.open = false;
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    const found = Object.keys(CLICKS).find((selector) => event.target.closest(selector));
    if (!found) return;
    event.preventDefault();
    CLICKS[found](event.target.closest(found));
  });

  every(".scroll").forEach((scroll) => scroll.addEventListener("scroll", () => {
    if (Math.abs(scroll.scrollTop) < AT_END_PX) scroll.closest(".room").querySelector(".fresh").hidden = true;
  }, { passive: true }));

  words.addEventListener("input", typed);
  words.addEventListener("keydown", (event) => {
    const sends = event.key === "Enter" && !event.shiftKey && !event.isComposing && matchMedia("(pointer: fine)").matches;
    if (!sends) return;
    event.preventDefault();
    form.requestSubmit();
  });

  if (!words.value) words.value = sessionStorage.getItem(draft) || "";
  typed();
  $(".cast [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  const toast = $("#toast");
  if (!toast.hidden) toastTimer = setTimeout(() => { toast.hidden = true; }, TOAST_MS);
  setTimeout(poll, POLL_MS);
})();
