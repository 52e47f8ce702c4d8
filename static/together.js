// Two people at once: who else is at an order or a conversation; and drafts, handed over while one types.
// A place is order-<code> or thread-<id>: the id of a row, or what an opened one says it is. No page needs this.
"use strict";
(() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const post = (path, fields, more) => fetch(path, {
    method: "POST", body: new URLSearchParams(fields), redirect: "error", ...more,
    headers: JSON.parse(document.body.getAttribute("hx-headers:inherited")),
  });

  // ── who else is here: every ten seconds the page says what it has open, and is told who is where ──
  const TAB = Array.from(crypto.getRandomValues(new Uint8Array(12)), (n) => n.toString(16).padStart(2, "0")).join("");
  const PLACES = ".row[id], [data-place]";
  const typed = new Map(); // place → when
  let others = {}, saying = false;
  const isOpen = (place) => place.matches("[data-place]") || place.querySelector(":scope > .slot > .panel");
  const name = (place) => place.dataset.place || place.id;
  const open = () => all(PLACES).filter(isOpen).map(name);
  const justNow = (place) => Date.now() - (typed.get(place) || 0) < 30_000;

  const beat = async () => {
    if (saying || document.hidden || !navigator.onLine || !all(PLACES).length) return;
    const at = open(), typing = at.filter(justNow);
    saying = true;
    try {
      const answer = await post("/presence", [["tab", TAB], ...at.map((p) => ["at", p]), ...typing.map((p) => ["typing", p])]);
      others = answer.ok ? await answer.json() : {};
    } catch { // away, or signed out: whoever works here is told by their own request
      others = {};
    }
    saying = false;
    show();
  };
  const show = () => all(PLACES).forEach((place) => {
    const word = others[name(place)];
    let chip = place.querySelector(":scope > .b-info");
    if (!word) return chip?.remove();
    if (!chip) {
      chip = document.createElement("span");
      chip.className = place.id ? "here badge b-info" : "badge b-info";
      place.prepend(chip);
    }
    if (chip.textContent !== word) chip.textContent = word;
  });
  setInterval(beat, 10_000);

  // ── drafts: the server keeps what stands in the field, a moment after the last key and before the tablet sleeps ──
  const waiting = new Map(); // field → its timer
  const keep = (field) => {
    clearTimeout(waiting.get(field));
    if (!waiting.delete(field) || !field.isConnected) return;
    const fields = { place: field.dataset.draft, words: field.value, action_id: field.form.elements.action_id.value };
    post("/draft", fields, { keepalive: true }).catch(() => waiting.set(field, setTimeout(keep, 5000, field)));
  };
  document.addEventListener("input", ({ target }) => {
    const place = target.closest(PLACES);
    if (place && isOpen(place)) {
      const first = !justNow(name(place));
      typed.set(name(place), Date.now());
      if (first) beat();
    }
    if (!target.matches("[data-draft]")) return;
    clearTimeout(waiting.get(target));
    waiting.set(target, setTimeout(keep, 1500, target));
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) [...waiting.keys()].forEach(keep);
    else beat();
  });

  let before = "";
  const drawn = () => {
    show();
    const now = open().join();
    if (now !== before) beat();
    before = now;
  };
  document.addEventListener("htmx:after:swap", drawn);
  drawn();
})();
