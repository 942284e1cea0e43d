// Keeps the page current: after each change the pieces marked `data-live` are fetched again and swapped in.
// Without this script the same pages and buttons work; they only do not move by themselves.
(() => {
  let fetching = false;
  let again = false;

  async function refresh() {
    if (fetching) { again = true; return; }
    fetching = true;
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" } });
      if (answer.ok) swap(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      // The server is gone for a moment; the event stream comes back with it and asks again.
    } finally {
      fetching = false;
      if (again) { again = false; setTimeout(refresh, 150); }
    }
  }

  function swap(fresh) {
    for (const old of document.querySelectorAll("[data-live]")) {
      const now = fresh.getElementById(old.id);
      if (!now || old.innerHTML === now.innerHTML || sameMail(old, now)) continue;
      const open = openOnes(old);
      old.replaceChildren(...now.childNodes);
      restore(old, open);
    }
    document.title = fresh.title;
  }

  // A mail in its frame would flicker, and lose its place, for nothing.
  const sameMail = (old, now) => {
    const shown = old.querySelector("[data-mail]");
    return shown !== null && shown.dataset.mail === now.querySelector("[data-mail]")?.dataset.mail;
  };

  const label = (details) => details.querySelector("summary").textContent;
  const openOnes = (root) => new Set([...root.querySelectorAll("details[open]")].map(label));
  const restore = (root, open) => {
    for (const each of root.querySelectorAll("details")) if (open.has(label(each))) each.open = true;
  };

  function listen() {
    const source = new EventSource("/_local/events");
    let first = true;
    source.addEventListener("change", () => setTimeout(refresh, 60));
    source.addEventListener("build", () => { if (!first) refresh(); first = false; });
    return source;
  }

  async function move(event) {
    event.preventDefault();
    const { name, value } = event.submitter;
    const news = document.getElementById("news");
    document.body.classList.add("moving");
    news.textContent = "Moving the clock …";
    try {
      const answer = await fetch("/_local/clock", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ [name]: value }),
      });
      const { mails_sent: sent, note, error } = await answer.json();
      news.textContent = error ?? note ?? `${sent || "No"} mail${sent === 1 ? "" : "s"} sent on the way.`;
    } catch {
      news.textContent = "The clock could not be moved: is serve still running?";
    }
    document.body.classList.remove("moving");
    refresh();
    setTimeout(() => { news.textContent = ""; }, 6000);
  }

  for (const form of document.querySelectorAll("form.moves")) form.addEventListener("submit", move);

  let source = document.hidden ? null : listen();
  document.addEventListener("visibilitychange", () => {
    source?.close();
    source = document.hidden ? null : listen();
    if (!document.hidden) refresh();
  });
  addEventListener("pagehide", () => source?.close());
  setInterval(() => { if (!document.hidden) refresh(); }, 30000);
})();
