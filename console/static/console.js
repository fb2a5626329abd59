// What would be said to this question, while the entry is being written? Asks after a pause in typing.
"use strict";
const PAUSE = 350; // milliseconds
const editor = document.getElementById("editor");

if (editor) {
  const shown = document.getElementById("trial");
  let timer = 0;
  let latest = 0;

  async function ask() {
    const mine = ++latest;
    const body = new URLSearchParams(new FormData(editor));
    body.set("fragment", "1");
    try {
      const answer = await fetch(editor.dataset.try, { method: "POST", body });
      if (mine === latest && answer.ok) shown.innerHTML = await answer.text();
    } catch {
      // no network now: the button beside it still works, and the next key tries again
    }
  }

  editor.addEventListener("input", (event) => {
    if (event.target.dataset.limit) count(event.target);
    if (!editor.asked.value.trim()) return;
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  });
  editor.asked.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // a question is tried, the entry is not saved
    ask();
  });

  let saved = new URLSearchParams(new FormData(editor)).toString();
  editor.addEventListener("submit", () => { saved = null; });
  addEventListener("beforeunload", (event) => {
    const now = new FormData(editor);
    now.set("asked", new URLSearchParams(saved ?? "").get("asked") ?? "");
    if (saved !== null && new URLSearchParams(now).toString() !== saved) event.preventDefault();
  });
  editor.querySelectorAll("[data-limit]").forEach(count);
}

function count(field) {
  const label = document.querySelector(`label[for="${field.id}"]`);
  let told = label.querySelector(".count");
  if (!told) {
    told = document.createElement("span");
    told.className = "count";
    label.append(told);
  }
  const length = [...field.value.trim()].length;
  told.textContent = `${length}/${field.dataset.limit}`;
  told.classList.toggle("late", length > Number(field.dataset.limit));
}
