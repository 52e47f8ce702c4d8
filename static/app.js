// What every page does besides htmx: polls, counts toasts down, says when the server is away, hides what was shown.
// Works on data- attributes of whatever is on the page; no page needs it.
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const all = (selector, each) => document.querySelectorAll(selector).forEach(each);

  // ── the poll: `hx-trigger="poll from:body"`. A sleeping or unplugged tablet asks nothing, and asks at once on waking ──
  const poll = () => {
    if (!document.hidden && navigator.onLine) document.body.dispatchEvent(new CustomEvent("poll"));
  };
  setInterval(poll, 10_000);
  document.addEventListener("visibilitychange", poll);

  // ── the banner: says what htmx alone would only say in the console ──
  let told = "", pressed = false; // what it says; whether a press failed, which no poll and no look-up while typing takes back
  const isPoll = (ctx) => ctx.sourceEvent?.type === "poll";
  const isPress = (ctx) => ["click", "submit"].includes(ctx.sourceEvent?.type);
  const tell = (id, ctx) => {
    if (ctx) pressed = isPress(ctx);
    if (id === told) return;
    told = id;
    $("banner").replaceChildren(...(id ? [$(id).content.cloneNode(true)] : []));
  };
  addEventListener("offline", () => tell("offline"));
  addEventListener("online", () => { tell(""); poll(); });
  document.addEventListener("htmx:error", ({ detail: { ctx } }) => tell(navigator.onLine ? "no-answer" : "offline", ctx));
  document.addEventListener("htmx:after:request", ({ detail: { ctx } }) => {
    if (ctx.response.status >= 500) tell("no-answer", ctx);
    else if (told && (!pressed || isPress(ctx))) tell("");
  });
  // An error that the server wrote there stays until the next thing somebody does; a poll is nobody.
  document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
    if (!isPoll(ctx) && !told) $("banner").replaceChildren();
  });

  // ── the focus: what is swapped away takes it along, so the new piece gets it back where the work goes on ──
  let held = "";
  document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => { // before the button is disabled, which blurs it
    const at = document.activeElement;
    held = !isPoll(ctx) && at !== document.body && ctx.target?.contains?.(at) ? ctx.target.id : "";
  });
  document.addEventListener("htmx:after:swap", () => {
    const piece = held && document.activeElement === document.body && $(held);
    held = "";
    if (piece) ["[aria-invalid=true]", "[autofocus]", ".c-act a", "button, a"].map((s) => piece.querySelector(s)).find(Boolean)?.focus();
  });

  // ── what runs down: toasts, shown addresses (30 s), deadlines. Ends are kept here, for a swap redraws attributes ──
  const ends = new WeakMap();
  const secondsLeft = (element, seconds) => {
    if (!ends.has(element)) ends.set(element, Date.now() + seconds * 1000);
    return Math.ceil((ends.get(element) - Date.now()) / 1000);
  };
  const SPAN = { ko: ["일", "시간", "분"], ja: ["日", "時間", "分"], en: ["d", "h", "m"] }[document.documentElement.lang];
  const span = (minutes) => { // as kit/words.py: left
    const [day, hour, minute] = SPAN;
    if (minutes >= 2880) return Math.floor(minutes / 1440) + day;
    if (minutes < 60) return minutes + minute;
    const odd = minutes < 600 ? minutes % 60 : 0;
    return Math.floor(minutes / 60) + hour + (odd ? ` ${odd}${minute}` : "");
  };
  setInterval(() => {
    all("#toasts [data-seconds]", (toast) => {
      const left = secondsLeft(toast, Number(toast.dataset.seconds));
      if (left <= 0) return toast.remove();
      const said = toast.querySelector("[data-left]");
      if (said) said.textContent = left;
    });
    all("[data-remask]", (shown) => {
      if (secondsLeft(shown, 30) > 0) return;
      const url = shown.dataset.remask;
      delete shown.dataset.remask;
      shown.textContent = "···"; // first of all, whether the server answers or not
      if (url) htmx.ajax("GET", url, { target: shown, swap: "outerHTML" });
    });
    all("time[data-due]", (due) => {
      const text = span(Math.floor(Math.abs(Date.parse(due.dateTime) - Date.now()) / 60_000));
      if (due.textContent !== text) due.textContent = text;
    });
  }, 1000);

  // ── a quiet sound for new orders, where the person switched it on. Browsers allow it after the first touch ──
  let audio;
  const wake = () => {
    if ("sound" in document.body.dataset) audio = audio || new AudioContext();
  };
  ["pointerdown", "keydown"].forEach((kind) => addEventListener(kind, wake, { once: true }));
  document.addEventListener("new-orders", () => {
    if (!audio || !("sound" in document.body.dataset)) return;
    const tone = audio.createOscillator(), volume = audio.createGain(), now = audio.currentTime;
    tone.frequency.value = 880;
    volume.gain.setValueAtTime(0.06, now);
    volume.gain.exponentialRampToValueAtTime(0.0001, now + 0.4);
    tone.connect(volume).connect(audio.destination);
    tone.start(now);
    tone.stop(now + 0.4);
  });

  // ── how many rows are ticked ──
  addEventListener("change", () => all("[data-picked]", (word) => {
    word.dataset.word = word.dataset.word || word.textContent;
    word.textContent = `${word.dataset.word} ${document.querySelectorAll(".pick :checked").length}`;
  }));

  // ── the account menu closes like a menu ──
  const close = (menu) => { menu.open = false; };
  addEventListener("click", ({ target }) => all("details.menu[open]", (menu) => menu.contains(target) || close(menu)));
  addEventListener("keydown", ({ key }) => key === "Escape" && all("details.menu[open]", close));
})();
