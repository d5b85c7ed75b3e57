/* Everything here only makes quicker what already works without it: suggestions for places, dates while typing, nights. */
"use strict";
(() => {
  const on = (type, test, act) => document.addEventListener(type, (event) => {
    const found = event.target.closest && event.target.closest(test);
    if (found) act(found, event);
  }, type === "focusout");
  let serial = 0;

  /* --- a field that suggests places (ARIA combobox with a listbox) */
  const dress = (box) => {
    const input = box.querySelector("input[type=text]");
    if (!input || input.hasAttribute("role")) return;
    const list = document.createElement("ul");
    list.className = "options"; list.id = "options-" + (++serial); list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", (box.closest(".field").querySelector("label") || input).textContent);
    box.append(list);
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) input.setAttribute(name, value);
    const code = box.querySelector("input[type=hidden]");
    let timer = 0, asked = 0;
    const shut = () => { list.hidden = true; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
    const choices = () => [...list.querySelectorAll("li[data-label]")];
    const mark = (option) => {
      for (const one of choices()) one.setAttribute("aria-selected", String(one === option));
      if (option) { input.setAttribute("aria-activedescendant", option.id); option.scrollIntoView({ block: "nearest" }); }
    };
    const choose = (option) => {
      input.value = option.dataset.label;
      if (code) code.value = option.dataset.code;
      shut();
      input.dispatchEvent(new Event("change", { bubbles: true }));
    };
    const ask = async () => {
      const mine = ++asked, typed = input.value.trim();
      if (!typed) return shut();
      const guest = box.closest("[data-guest]");
      const birth = guest && input.name.endsWith("birth_comune") ? day(guest.querySelector("[data-day]").value) : box.dataset.on || "";
      /* posted: a day of birth has no place in an address */
      const token = input.form && input.form.querySelector("[name=csrfmiddlewaretoken]");
      const answer = await fetch(box.dataset.places, { method: "POST", headers: { "X-CSRFToken": token ? token.value : "" }, body: new URLSearchParams({ q: typed, kind: box.dataset.kind, on: birth }) });
      if (!answer.ok || mine !== asked || document.activeElement !== input) return;
      list.innerHTML = await answer.text();
      choices().forEach((option, index) => { option.id = list.id + "-" + index; });
      list.hidden = !list.children.length;
      input.setAttribute("aria-expanded", String(!list.hidden));
      const first = list.firstElementChild;  /* under a note nothing is chosen beforehand: somebody has to look */
      if (first && first.dataset.label) mark(first);
    };
    input.addEventListener("input", () => { if (code) code.value = ""; clearTimeout(timer); timer = setTimeout(ask, 140); });
    input.addEventListener("keydown", (event) => {
      const all = choices(), now = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (list.hidden) ask();
        else if (all.length) mark(all[(now + (event.key === "ArrowDown" ? 1 : all.length - 1)) % all.length]);
        event.preventDefault();
      } else if (event.key === "Enter" && !list.hidden && all.length) { if (all[now]) choose(all[now]); event.preventDefault(); }
      else if (event.key === "Tab" && !list.hidden && all.length === 1 && all[now] && input.value.trim().length > 1) choose(all[now]);
      else if (event.key === "Escape" && !list.hidden) { shut(); event.preventDefault(); }
    });
    input.addEventListener("blur", () => setTimeout(shut, 150));
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => { const option = event.target.closest("li[data-label]"); if (option) choose(option); });
  };

  /* --- days typed as digits */
  const day = (text) => {
    const found = /^(\d{1,2})[\/.\- ](\d{1,2})[\/.\- ](\d{4})$/.exec(text.trim()) || /^(\d{2})(\d{2})(\d{4})$/.exec(text.trim());
    return found ? [found[3], found[2].padStart(2, "0"), found[1].padStart(2, "0")].join("-") : "";
  };
  on("input", "[data-day]", (input, event) => {
    if (event.inputType && event.inputType.startsWith("delete")) return;
    if (/^\d{2}$/.test(input.value) || /^\d{2}\/\d{2}$/.test(input.value)) input.value += "/";
    else if (/^\d{8}$/.test(input.value)) input.value = input.value.replace(/^(..)(..)(....)$/, "$1/$2/$3");
  });

  /* --- born in Italy or abroad; resident here or elsewhere */
  const italy = (text) => ["ITALIA", "IT", "ITALY", "ITA", ""].includes(text.trim().toUpperCase());
  const settle = (guest) => {
    const value = (name) => { const field = guest.querySelector("[name$='-" + name + "']"); return field ? field.value : ""; };
    guest.classList.toggle("born-abroad", !italy(value("birth_state")) && !value("birth_comune"));
    dwell(guest);
  };
  /* while typing, not when the field is left: what moves under a finger is not tapped */
  on("input", "[name$='-residence']", (input) => dwell(input.closest("[data-guest]")));
  const dwell = (guest) => {
    const place = guest.querySelector("[name$='-residence_place']"), code = (guest.querySelector("[name$='-residence-code']") || {}).value || "";
    if (!place) return;
    if (code.startsWith("4")) place.value = "";  /* a place abroad goes with a state only */
    guest.classList.toggle("lives-in-italy", code.startsWith("4"));
    guest.classList.toggle("nowhere-yet", !code && !place.value && !place.hasAttribute("aria-invalid"));
    same();
  };
  /* the residence of the first guest, copied because somebody taps; a second tap gives back what was there */
  const lives = (index) => ["residence", "residence-code", "residence_place"].map((name) => document.getElementsByName("g" + index + "-" + name)[0]);
  const equal = (mine) => lives(0).every((field, place) => field.value === mine[place].value);
  const same = () => document.querySelectorAll("[data-same]").forEach((button) => {
    const told = button.dataset, name = ["surname", "name"].map((part) => document.getElementById("g0-" + part)).map((field) => field ? field.value.trim() : "").join(" ").trim();
    button.hidden = !lives(0)[0].value.trim();
    button.textContent = equal(lives(told.same)) ? told.away : name ? told.of + " " + name : told.words;
  });
  on("click", "[data-same]", (button, event) => {
    const mine = lives(button.dataset.same), before = JSON.parse(button.dataset.before || '["", "", ""]');
    const now = equal(mine) ? before : lives(0).map((field) => field.value);
    if (!equal(mine)) button.dataset.before = JSON.stringify(mine.map((field) => field.value));
    mine.forEach((field, place) => { field.value = now[place]; });
    settle(button.closest("[data-guest]"));
    event.preventDefault();
  });
  on("change", "[data-guest] input", (input) => settle(input.closest("[data-guest]")));
  const italian = (field) => {
    const told = JSON.parse(field.form.dataset.italy);
    field.value = told.label;
    field.parentElement.querySelector("input[type=hidden]").value = told.code;
  };
  const after = (field) => {
    const fields = [...field.closest("[data-guest]").querySelectorAll("input:not([type=hidden]), select")].filter((one) => one.offsetParent);
    const next = fields[fields.indexOf(field) + 1];
    if (next) next.focus();
  };
  on("click", "[data-italy-for]", (button) => {
    const field = document.getElementById(button.dataset.italyFor);
    italian(field);
    settle(button.closest("[data-guest]"));
    after(field);
  });
  /* said in so many words by whoever taps: born in Italy and Italian */
  on("click", "[data-italian]", (button) => {
    const field = (name) => document.getElementById(button.dataset.italian + "-" + name);
    italian(field("birth_state")); italian(field("citizenship"));
    settle(button.closest("[data-guest]"));
    field("birth_comune").focus();
  });
  on("click", "[data-doc]", (button) => {
    const field = document.getElementById(button.dataset.docFor);
    field.value = button.dataset.doc;
    after(field);
  });

  /* --- nights and departure say the same thing */
  const stamp = (text) => { const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text); return found ? Date.UTC(+found[1], +found[2] - 1, +found[3]) : NaN; };
  /* the hour of departure matters for 24 hours or less only: out of the way from two nights on */
  const hour = (all) => {
    const field = all.departure_hour && all.departure_hour.closest(".field");
    if (field) field.hidden = Number(all.nights.value) > 1 && !all.departure_hour.value && !all.departure_hour.hasAttribute("aria-invalid");
  };
  const sheet = (input) => input.form && input.form.hasAttribute("data-sheet") ? input.form.elements : null;
  document.addEventListener("input", (event) => {
    const all = sheet(event.target);
    if (!all) return;
    const arrival = stamp(all.arrival_day.value);
    if ((event.target.name === "nights" || event.target.name === "arrival_day") && /^\d{1,3}$/.test(all.nights.value) && arrival)
      all.departure_day.value = new Date(arrival + all.nights.value * 864e5).toISOString().slice(0, 10);
    if (event.target.name === "departure_day") {
      const nights = Math.round((stamp(event.target.value) - arrival) / 864e5);
      if (nights >= 0) all.nights.value = nights;
    }
    hour(all);
  });
  /* what the party will owe: asked a moment after the last of what decides it was typed */
  const decides = /^(place|kind|arrival_day|arrival_hour|nights|departure_day|departure_hour)$|-(birth_date|residence)$/;
  let owing = 0;
  const owe = (wait) => {
    clearTimeout(owing);
    owing = setTimeout(() => { const line = document.getElementById("owed"); if (line && window.htmx) window.htmx.trigger(line, "owed"); }, wait);
  };
  for (const type of ["input", "change"]) document.addEventListener(type, (event) => { if (sheet(event.target) && decides.test(event.target.name || "")) owe(500); });
  /* a family or a group has more than one person: open the second sheet at once */
  on("change", "input[name=kind]", (input) => {
    if (input.value !== "alone" && document.querySelectorAll("[data-guest]").length === 1) {
      const add = document.querySelector("[data-add]");
      if (add && window.htmx) { add.dataset.quiet = "1"; window.htmx.trigger(add, "click"); }
    }
  });

  /* --- a value to copy into another page: the field itself can always be marked and copied by hand */
  on("click", "[data-copy]", async (button) => {
    const field = document.getElementById(button.dataset.copy);
    field.select();
    try { await navigator.clipboard.writeText(field.value); } catch { if (!document.execCommand("copy")) return; }
    button.textContent = button.dataset.copied;
  });

  /* --- opening a page, and parts of it that htmx brought */
  const open = (root) => {
    root.querySelectorAll(".combo").forEach(dress);
    root.querySelectorAll("[data-guest]").forEach(settle);
    root.querySelectorAll("[data-italy-for], .shortcut, [data-copy]").forEach((one) => { one.hidden = false; });
    root.querySelectorAll("form[data-sheet]").forEach((one) => { hour(one.elements); if (one.elements.nights.value || one.elements.departure_day.value) owe(0); });
    const form = root.querySelector("[data-focus-on]");
    const told = root.querySelector("[data-focus]") || (form && document.getElementById(form.dataset.focusOn));
    if (told && !quiet) { told.focus(); told.scrollIntoView({ block: "center" }); }
    quiet = false;
  };
  let quiet = false;
  document.addEventListener("htmx:beforeRequest", (event) => { const by = event.detail.elt; if (by && by.id === "owed") return; quiet = Boolean(by && by.dataset && by.dataset.quiet); if (by && by.dataset) delete by.dataset.quiet; });
  document.addEventListener("htmx:afterSettle", (event) => event.detail.elt.id === "owed" || open(event.detail.elt.parentElement || document));
  on("click", "a[href^='#']", (link, event) => {
    const target = document.getElementById(link.getAttribute("href").slice(1));
    if (!target || link.classList.contains("skip")) return;
    const field = target.matches("fieldset") ? target.querySelector("input") || target : target;
    field.focus(); field.scrollIntoView({ block: "center" }); event.preventDefault();
  });
  /* a second tap within a moment is the same tap (the server takes a form once anyway); no button is ever switched off */
  const sent = new WeakMap();
  document.addEventListener("submit", (event) => {
    const form = event.target, now = Date.now();
    if (form.method !== "post" || event.defaultPrevented) return;
    if (now - (sent.get(form) || 0) < 1500) event.preventDefault(); else sent.set(form, now);
  });
  on("change", "[data-submit]", (input) => input.form.requestSubmit());
  open(document);
})();
