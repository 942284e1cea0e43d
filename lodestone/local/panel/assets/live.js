// Reloads the page when a build succeeds, and lays a failed build's problems over it. Only `serve` adds this.
(() => {
  const made = document.currentScript.dataset.build;
  let source = null;

  function showProblems(text) {
    document.getElementById("lodestone-problems")?.remove();
    if (!text) return;
    const box = document.createElement("section");
    box.id = "lodestone-problems";
    box.setAttribute("role", "alert");
    const heading = document.createElement("h2");
    heading.textContent = "The build stopped; beneath is the last good one";
    const list = document.createElement("pre");
    list.textContent = text;
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = "Hide";
    close.addEventListener("click", () => box.remove());
    box.append(heading, list, close);
    document.body.append(box);
  }

  function listen() {
    source = new EventSource("/_local/events");
    source.addEventListener("build", (event) => {
      const { build, problems } = JSON.parse(event.data);
      if (build !== made) location.reload();
      else showProblems(problems);
    });
  }

  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = "/_local/live.css";
  document.head.append(sheet);

  // Browsers open six connections to one address: tabs that nobody sees give theirs back.
  document.addEventListener("visibilitychange", () => {
    source?.close();
    if (!document.hidden) listen();
  });
  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", (event) => { if (event.persisted) listen(); });
  if (!document.hidden) listen();
})();
