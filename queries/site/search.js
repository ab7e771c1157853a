// The index in cari-data.js and what is typed, or stands in the address as #q=…, -> links to pages. Nothing is sent anywhere.
"use strict";
(() => {
  const MOST = 60;
  const ORDER = ["agency", "campaign", "material", "day", "post"];
  const PLACE = /^[\w.\/-]+(#[\w-]+)?$/;
  const box = document.getElementById("cari");
  const field = document.getElementById("q");
  const said = document.getElementById("jumlah");
  const list = document.getElementById("hasil");
  if (!box || typeof TAYANG_CARI === "undefined") return;

  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const entries = TAYANG_CARI.map((one) => ({ ...one, title: fold(one.t), all: fold(`${one.t} ${one.a} ${one.x}`) }));

  const rank = (one, asked) => (one.title.startsWith(asked) ? 0 : one.title.includes(asked) ? 1 : 2);
  function find(asked) {
    const words = asked.split(/\s+/).filter(Boolean);
    return entries
      .filter((one) => words.every((word) => one.all.includes(word)))
      .sort((a, b) => rank(a, asked) - rank(b, asked) || ORDER.indexOf(a.k) - ORDER.indexOf(b.k));
  }

  function put(parent, tag, text, name) {
    const made = document.createElement(tag);
    made.textContent = text;
    if (name) made.className = name;
    parent.append(made);
    return made;
  }

  function show() {
    const asked = fold(field.value).trim();
    list.replaceChildren();
    if (!asked) {
      said.textContent = "";
      return;
    }
    const found = find(asked);
    const more = found.length > MOST ? box.dataset.more.replace("{count}", found.length - MOST) : "";
    said.textContent = `${found.length ? box.dataset.found.replace("{count}", found.length) : box.dataset.none} ${more}`;
    for (const one of found.slice(0, MOST)) {
      if (!PLACE.test(one.u)) continue;
      const line = put(list, "li", "");
      put(line, "span", box.dataset[one.k] || "", "kind");
      const link = put(put(line, "bdi", ""), "a", one.t);
      link.href = one.u;
      if (one.a) put(line, "small", one.a);
    }
  }

  function read() {
    const wanted = new URLSearchParams(location.hash.slice(1)).get("q");
    if (wanted !== null && wanted !== field.value) field.value = wanted;
    show();
    if (location.hash === "#cari") field.focus();
  }

  field.addEventListener("input", () => {
    history.replaceState(null, "", field.value ? `#q=${encodeURIComponent(field.value)}` : "#cari");
    show();
  });
  box.addEventListener("submit", (event) => {
    event.preventDefault();
    const first = list.querySelector("a");
    if (first) first.focus();
  });
  addEventListener("hashchange", read);
  box.hidden = false;
  read();
})();
