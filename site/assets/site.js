// Makes the form answer in place, and carries a campaign's parameters along the site. Everything here is a
// convenience: without it the form posts, and the server answers with a page.
(function () {
  "use strict";

  var CAMPAIGN = /^(utm_[a-z_]+|gclid|gbraid|wbraid|dclid|fbclid|msclkid|ttclid|twclid|li_fat_id|mc_eid|ref)$/;
  var OFFLINE = "Your answers could not be sent. Nothing is lost: check your connection and press the button again.";

  // Campaign parameters stay in the address from page to page; nothing is stored on the visitor's machine.
  function carryCampaign() {
    var campaign = Array.from(new URLSearchParams(location.search)).filter(function (pair) {
      return CAMPAIGN.test(pair[0]);
    });
    if (!campaign.length) return;
    document.querySelectorAll("a[href]").forEach(function (link) {
      var url = new URL(link.href);
      if (url.origin !== location.origin || link.getAttribute("href").charAt(0) === "#") return;
      campaign.forEach(function (pair) {
        if (!url.searchParams.has(pair[0])) url.searchParams.set(pair[0], pair[1]);
      });
      link.href = url.href;
    });
  }

  // A page that a function answered with: its address is where a form was sent to, or a link of a mail.
  function isAnswer() {
    return location.pathname.indexOf("/api/") === 0;
  }

  // The values in the address, behind ? and behind #. A name that stands there twice has none.
  function valuesOfAddress() {
    var found = new Map();
    [location.search, location.hash].forEach(function (part) {
      new URLSearchParams(part.slice(1)).forEach(function (value, name) {
        found.set(name, found.has(name) ? "" : value.trim());
      });
    });
    return found;
  }

  // A choice is made only if it is offered; a text is kept only if it could be sent.
  function fillIn(control, value) {
    if (control.tagName === "FIELDSET") {
      var choices = Array.from(control.querySelectorAll("input"));
      var wanted = choices.find(function (each) { return each.value === value; });
      if (wanted && !choices.some(function (each) { return each.checked; })) wanted.checked = true;
    } else if (!control.value) {
      control.value = value;
      if (control.value !== value || !control.validity.valid) control.value = "";
    }
  }

  // Fields that the author marked take their value from the address. Whoever follows the link sees it and may change it.
  function prefill(form) {
    if (isAnswer()) return;
    var values = valuesOfAddress();
    form.querySelectorAll("[data-prefill]").forEach(function (control) {
      var value = values.get(control.name) || "";
      if (value && Array.from(value).length <= Number(control.dataset.prefill)) fillIn(control, value);
    });
  }

  function fillHidden(form) {
    var set = function (name, value) {
      var input = form.querySelector("input[type=hidden][name=" + name + "]");
      if (input && !input.value) input.value = value;
    };
    var elsewhere = document.referrer && new URL(document.referrer).origin !== location.origin;
    set("_tz", Intl.DateTimeFormat().resolvedOptions().timeZone || "");
    set("_referrer", elsewhere ? document.referrer : "");
    // On the page with errors the address is the form's target, not where the visitor landed.
    // What stands behind the # stays here: a link may carry something personal there.
    if (!isAnswer()) set("_landing", location.href.split("#")[0]);
  }

  function element(tag, attributes, children) {
    var made = document.createElement(tag);
    Object.keys(attributes).forEach(function (name) { made.setAttribute(name, attributes[name]); });
    [].concat(children).forEach(function (child) { made.append(child); });
    return made;
  }

  function clearErrors(form) {
    form.querySelectorAll(".error-summary, .field-error").forEach(function (each) { each.remove(); });
    form.querySelectorAll("[aria-invalid]").forEach(function (each) { each.removeAttribute("aria-invalid"); });
  }

  function markField(form, error) {
    var id = form.dataset.prefix + error.field;
    var control = document.getElementById(id);
    var notes = document.getElementById(id + "-notes");
    if (control) control.setAttribute("aria-invalid", "true");
    if (notes) notes.append(element("p", { "class": "field-error", id: id + "-error" }, error.message));
  }

  // The same summary, field marks and focus as the server's page with errors.
  function showErrors(form, errors) {
    clearErrors(form);
    errors.forEach(function (error) { markField(form, error); });
    var items = errors.map(function (error) {
      var known = error.field && document.getElementById(form.dataset.prefix + error.field);
      var words = known ? element("a", { href: "#" + known.id }, error.message) : error.message;
      return element("li", {}, words);
    });
    var heading = errors.length === 1 ? "One thing needs another look" : errors.length + " things need another look";
    var summary = element("div", { "class": "error-summary", role: "alert", tabindex: "-1" },
      [element("h2", {}, heading), element("ul", {}, items)]);
    form.querySelector(".reply-heading").after(summary);
    summary.focus();
  }

  function setBusy(form, busy) {
    form.dataset.busy = busy ? "yes" : "";
    form.setAttribute("aria-busy", String(busy));
    form.querySelector("button").setAttribute("aria-disabled", String(busy));
  }

  function post(form) {
    return fetch(form.action, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams(new FormData(form))
    });
  }

  // An answer that is none of ours: let the browser post the form, and show what the server has to say.
  function submitPlainly(form) {
    HTMLFormElement.prototype.submit.call(form);
  }

  function receive(form, response) {
    if (response.status !== 200 && response.status !== 422) return submitPlainly(form);
    return response.json().then(function (answer) {
      if (answer.ok) return location.assign(answer.next);
      setBusy(form, false);
      showErrors(form, answer.errors);
    }, function () { submitPlainly(form); });
  }

  function answerInPlace(form) {
    form.noValidate = true; // the server says what is wrong, in one place and in our words
    fillHidden(form);
    prefill(form);
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      if (form.dataset.busy) return;
      setBusy(form, true);
      post(form).then(function (response) { return receive(form, response); }, function () {
        setBusy(form, false);
        showErrors(form, [{ field: "", message: OFFLINE }]);
      });
    });
  }

  // An end that stands on the host's clock is told on the visitor's too, where that shows another day or hour; and that
  // it is past, where it is: a page may lie in a cache.
  function tellEnd(time) {
    var at = new Date(time.dateTime), here = { hour: "2-digit", minute: "2-digit", hour12: false };
    var shown = /(\d+) \w+ \d{4}, (\d\d:\d\d)/.exec(time.textContent);
    if (isNaN(at) || !shown) return;
    var words = at.toLocaleString(document.documentElement.lang, Object.assign({ weekday: "long", day: "numeric", month: "long" }, here));
    var same = at.getDate() === Number(shown[1]) && at.toLocaleTimeString("en-GB", here) === shown[2];
    if (at <= new Date()) time.after(element("strong", {}, ". This offer has ended."));
    else if (!same) time.after(" (where you are: " + words + ")");
  }

  // A link to the page with the form takes along what that form's fields are filled in with, behind the #.
  function carryPrefill() {
    var values = valuesOfAddress();
    document.querySelectorAll("a[data-carry]").forEach(function (link) {
      var pairs = new URLSearchParams(link.hash.slice(1));
      link.dataset.carry.split(" ").forEach(function (name) {
        if (values.get(name)) pairs.set(name, values.get(name));
      });
      link.hash = pairs;
    });
  }

  carryCampaign();
  carryPrefill();
  document.querySelectorAll("time[data-ends]").forEach(tellEnd);
  document.querySelectorAll("form.reply").forEach(answerInPlace);
  // A questionnaire has a script of its own, and the server's page is its answer.
  document.querySelectorAll("form.questionnaire").forEach(function (form) { fillHidden(form); prefill(form); });
  // Back from the thank-you page: a button left disabled would be a dead end.
  addEventListener("pageshow", function () {
    document.querySelectorAll("form.reply").forEach(function (form) { setBusy(form, false); });
  });
})();
