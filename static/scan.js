/* Scans: a scanner is a keyboard that types fast and ends with Enter. What it types is read by key, not by letter, so
   that a Korean keyboard layout does not matter. Scanned anywhere: an order's code opens it, a slip's QR code opens the
   slip, anything else goes into the number field of the open form. Slow typing passes untouched. */
(() => {
  "use strict";
  const GAP = 60, LEAST = 6; // ms between keys; fewer characters than this are no scan
  let text = "", first = 0, last = 0, before = null, worked = "";

  const letter = (e) => {
    const c = e.code;
    if (/^Digit\d$/.test(c) && !e.shiftKey) return c[5];
    if (/^Numpad\d$/.test(c)) return c[6];
    if (/^Key[A-Z]$/.test(c)) return e.shiftKey ? c[3] : c[3].toLowerCase();
    const signs = { Minus: "-_", Period: ".>", Slash: "/?", Semicolon: ";:", Equal: "=+", Digit7: "7&", Space: "  ", Comma: ",<" };
    return signs[c] ? signs[c][e.shiftKey ? 1 : 0] : "";
  };
  const typing = (el) => el && (el.matches("textarea, select") || (el.matches("input") && !el.matches("[type=checkbox], [type=radio]")));

  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey || e.altKey || e.metaKey) return;
    if (e.key === "Enter") {
      const quick = text.length >= LEAST && (last - first) / text.length < GAP;
      if (quick && e.timeStamp - last < GAP * 2) scanned(e, text);
      text = "";
      return;
    }
    const c = letter(e);
    if (!c) return;
    if (e.timeStamp - last > GAP) { text = ""; first = e.timeStamp; before = typing(document.activeElement) ? document.activeElement.value : null; }
    text += c;
    last = e.timeStamp;
  }, true);

  function scanned(e, said) {
    const field = document.activeElement;
    if (field && field.matches("[data-scan], #q")) { field.value = said; if (!target(said)) return; }
    e.preventDefault();
    e.stopPropagation();
    if (typing(field) && before !== null) field.value = before;
    const go = target(said);
    if (go) return go();
    const number = worked && document.querySelector(`#${CSS.escape(worked)}.open [data-scan]`) || document.querySelector(".row.open [data-scan]");
    if (number) {
      number.value = said;
      number.focus();
      number.dispatchEvent(new Event("change", { bubbles: true }));
    } else location.assign("/orders?q=" + encodeURIComponent(said));
  }

  /* What a scan opens: a slip's QR code its page, an order's code its row; nothing else. */
  function target(said) {
    const slip = said.match(/\/orders\/([0-9A-Za-z_-]+)\/slip\?print=(\d+)$/);
    if (slip) return () => location.assign(`/orders/${slip[1]}/slip?print=${slip[2]}`);
    const row = document.getElementById("order-" + said);
    if (row) return () => window.htmx.ajax("GET", `/orders/${said}/ship`, { target: "#" + CSS.escape(row.id), swap: "outerHTML" });
    return null;
  }

  /* Of several open rows, the one that was worked in last takes the scan. */
  document.addEventListener("focusin", ({ target: at }) => { worked = at.closest(".row.open")?.id || worked; });

  /* "Ready to scan" is true only where this script runs. */
  const live = document.getElementById("scanning");
  if (live) live.hidden = false;
})();
