// What the page does better with a script; without it every form works as a plain page.
(() => {
  "use strict";
  const log = document.getElementById("log");
  const composer = document.getElementById("composer");
  const message = document.getElementById("message");
  const status = document.getElementById("status");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  // A short wait needs no notice; a screen reader would only be interrupted.
  const NOTICE_AFTER = 600;
  // Request -> what the page looked like when it was sent; news may arrive in between.
  const sent = new WeakMap();
  let notice = 0;

  document.querySelectorAll("[data-scripted]").forEach((element) => { element.hidden = false; });

  message.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    composer.requestSubmit();
  });

  const newest = () => log.querySelector(".turn:last-of-type");

  document.addEventListener("htmx:before:request", (event) => {
    const { ctx } = event.detail;
    const text = ctx.sourceElement === composer ? message.value : null;
    sent.set(ctx, { newest: newest()?.id, text });
    if (ctx.request.method !== "POST") return;
    status.textContent = "";
    notice = setTimeout(() => { status.textContent = status.dataset.working; }, NOTICE_AFTER);
  });

  document.addEventListener("htmx:finally:request", () => {
    clearTimeout(notice);
    status.textContent = "";
  });

  document.addEventListener("htmx:after:swap", (event) => {
    const { ctx } = event.detail;
    if (ctx.response?.status >= 400) return;
    const before = sent.get(ctx);
    // What was typed while waiting is kept.
    if (before?.text != null && message.value === before.text) message.value = "";
    const turn = newest();
    if (!turn || turn.id === before?.newest) return;
    moveFocus(turn);
    if (ctx.request.method === "POST") {
      turn.scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" });
    }
  });

  // Focus stays where it is, unless the pressed button is gone or a form came back with faults.
  function moveFocus(turn) {
    const faults = turn.querySelector("[data-focus]");
    const lost = !document.activeElement || document.activeElement === document.body;
    if (faults) faults.focus();
    else if (lost) turn.querySelector(".reply h3").focus({ preventScroll: true });
  }

  document.addEventListener("htmx:error", () => {
    // Looked up now: every answer brings a new one.
    const problem = document.getElementById("problem");
    const text = document.createElement("p");
    text.textContent = problem.dataset.offline;
    problem.replaceChildren(text);
  });

  // News: the stream carries a number; the conversation is fetched when it differs from ours.
  let stream = null;
  let again = 0;

  function refresh() {
    const conversation = encodeURIComponent(log.dataset.conversation);
    htmx.ajax("GET", `/logg?samtal=${conversation}`, { target: "#log", swap: "innerMorph" });
  }

  function listen() {
    clearTimeout(again);
    if (stream || document.hidden) return;
    stream = new EventSource("/handelser");
    stream.addEventListener("revision", (event) => {
      if (event.data !== document.getElementById("revision").dataset.revision) refresh();
    });
    stream.addEventListener("error", () => {
      if (stream?.readyState !== EventSource.CLOSED) return;
      stream = null;
      again = setTimeout(listen, 30000);
    });
  }

  // A hidden tab lets go of its line: browsers allow six to one address.
  function leave() {
    stream?.close();
    stream = null;
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? leave() : listen()));
  window.addEventListener("pagehide", leave);
  window.addEventListener("beforeprint", () => {
    document.querySelectorAll("details").forEach((element) => { element.open = true; });
  });
  listen();
})();
