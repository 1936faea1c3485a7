// Reports whose sending was cut off: kept on this telephone only, sent when the connection is back, or dropped on request.
(() => {
  "use strict";

  const FRESH_MS = 6 * 3600 * 1000; // older ones are sent only when somebody says that they still hold
  const STORE = "reports";
  const FIRST_WAIT_MS = 3000; // then twice as long each time: telephones do not always say that they are connected again
  const LONGEST_WAIT_MS = 120000;
  const box = document.getElementById("kept");
  const words = box.dataset;
  const form = document.getElementById("report-form");
  let sending = false;
  let waits = FIRST_WAIT_MS;
  let timer = 0;
  const sent = []; // addresses of reports that this page has sent, to be shown as long as it is open

  function opened() {
    return new Promise((resolve, reject) => {
      const asked = indexedDB.open("sigap", 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id", autoIncrement: true });
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  }

  async function store(mode, act) {
    const base = await opened();
    try {
      return await new Promise((resolve, reject) => {
        const transaction = base.transaction(STORE, mode);
        const asked = act(transaction.objectStore(STORE));
        transaction.oncomplete = () => resolve(asked.result);
        transaction.onerror = transaction.onabort = () => reject(transaction.error);
      });
    } finally {
      base.close();
    }
  }

  const all = () => store("readonly", (kept) => kept.getAll());
  const keep = (report) => store("readwrite", (kept) => kept.add(report));
  const drop = (id) => store("readwrite", (kept) => kept.delete(id));

  // 201 when it is taken. Throws where there is no connection, or nobody to take it.
  async function send(fields) {
    const body = new FormData();
    for (const [name, value] of fields) body.append(name, value);
    const answer = await fetch(words.to, { method: "POST", body, headers: { Accept: "application/json" } });
    if (answer.status >= 500) throw new Error("busy");
    return answer;
  }

  function element(tag, text = "", attributes = {}) {
    return Object.assign(document.createElement(tag), { textContent: text }, attributes);
  }

  function button(text, act) {
    return element("button", text, { type: "button", onclick: act });
  }

  function row(report) {
    const line = element("li");
    const when = new Date(report.at).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
    line.append(element("p", `${report.title}, ${when}${report.refused ? `: ${words.refused}` : ""}`));
    const buttons = element("div", "", { className: "buttons" });
    if (!report.refused) buttons.append(button(words.now, () => sendKept([report])));
    buttons.append(button(words.drop, async () => {
      await drop(report.id);
      show();
    }));
    line.append(buttons);
    return line;
  }

  async function show() {
    const reports = await all();
    box.hidden = !reports.length && !sent.length;
    const news = sent.map((url) => {
      const line = element("p", `${words.sent} `);
      line.append(element("a", words.follow, { href: url }));
      return line;
    });
    const list = element("ul");
    list.append(...reports.map(row));
    box.replaceChildren(...news, ...(reports.length ? [element("p", words.waits), list] : []));
  }

  // What is fresh is read here, behind the lock: who asked while the last ones were being sent would send them twice.
  async function sendKept(chosen) {
    if (sending) return;
    sending = true;
    clearTimeout(timer);
    const links = [];
    try {
      for (const report of chosen ?? (await fresh())) {
        const answer = await send(report.fields);
        if (answer.status === 429) throw new Error("too many");
        if (answer.status === 201) {
          links.push((await answer.json()).url);
          await drop(report.id);
        } else await store("readwrite", (kept) => kept.put({ ...report, refused: true }));
      }
      waits = FIRST_WAIT_MS;
    } catch {
      timer = setTimeout(() => sendKept().catch(() => {}), waits);
      waits = Math.min(2 * waits, LONGEST_WAIT_MS);
    }
    sending = false;
    sent.push(...links);
    await show();
    if (form?.hidden && links.length === 1) location.assign(links[0]);
  }

  const fresh = async () => (await all()).filter(({ at, refused }) => !refused && Date.now() - at < FRESH_MS);

  async function submitted(event) {
    event.preventDefault();
    const fields = [...new FormData(form)].filter(([, value]) => typeof value === "string" || value.size);
    try {
      const answer = await send(fields);
      if (answer.status === 201) location.assign((await answer.json()).url);
      else form.submit(); // the server's page says what is wrong
    } catch {
      const chosen = form.querySelector("[name=kind]:checked")?.closest("label");
      try {
        await keep({ at: Date.now(), title: chosen?.textContent.trim() ?? words.unnamed, fields });
      } catch {
        form.submit(); // nothing can be kept here: the browser says that there is no connection
        return;
      }
      form.hidden = true;
      await show();
      box.focus();
    }
  }

  if (!window.indexedDB) return;
  form?.addEventListener("submit", submitted);
  addEventListener("online", () => { sendKept().catch(() => {}); });
  show().then(() => sendKept()).catch(() => {});
})();
