// A questionnaire, one question at a time. Without it the page is one long form, and the server answers it alike:
// `walk` below and `leads/questionnaire/walk.py` read the same tree by the same rules, which are written down in
// `leads/questionnaire/__init__.py`. A change here is a change there.
(function () {
  "use strict";

  // ---- The walk: which questions are visible, their answers, what is wrong with them. ----

  var NUMBER = /^[+-]?[0-9]{1,15}([.,][0-9]{1,15})?$/;
  var WHOLE = /^[+-]?[0-9]{1,15}$/;
  var EDGES = /^[\p{Zs}\p{Zl}\p{Zp}\n]+|[\p{Zs}\p{Zl}\p{Zp}\n]+$/gu;
  var COMPARE = {
    "=": function (a, b) { return a === b; },
    "<": function (a, b) { return a < b; },
    "<=": function (a, b) { return a <= b; },
    ">": function (a, b) { return a > b; },
    ">=": function (a, b) { return a >= b; }
  };

  function clean(value) {
    return value.normalize("NFC").replace(/\r\n/g, "\n").replace(/[^\n\P{C}]/gu, function (each) {
      return /[\p{Cc}\p{Cs}\p{Co}]/u.test(each) ? " " : each;
    }).replace(EDGES, "");
  }

  function wrong(message, value) {
    return { error: message.replace("{}", function () { return String(value); }) };
  }

  function readSeveral(question, values, messages) {
    if (values.some(function (each) { return question.options.indexOf(each) < 0; })) return wrong(messages.option);
    var chosen = question.options.filter(function (each) { return values.indexOf(each) >= 0; });
    var alone = (question.alone || []).filter(function (each) { return chosen.indexOf(each) >= 0; });
    if (alone.length && chosen.length > 1) return wrong(messages.alone, question.alone_labels[alone[0]]);
    if (question.at_most && chosen.length > question.at_most) return wrong(messages.at_most, question.at_most);
    return { answer: chosen };
  }

  function readRanking(question, values, messages) {
    if (values.some(function (each) { return question.options.indexOf(each) < 0; })) return wrong(messages.option);
    var different = new Set(values).size;
    if (different < values.length || different < question.options.length) return wrong(messages.ranking);
    return { answer: values };
  }

  function readNumber(question, value, messages) {
    if (!(question.whole ? WHOLE : NUMBER).test(value)) return wrong(question.whole ? messages.whole : messages.number);
    value = value.replace(",", ".");
    if (question.lowest !== undefined && Number(value) < question.lowest) return wrong(messages.lowest, question.lowest);
    if (question.highest !== undefined && Number(value) > question.highest) return wrong(messages.highest, question.highest);
    return { answer: value };
  }

  function read(question, posted, messages) {
    var values = posted.map(clean).filter(function (each) { return each; });
    var last = values[values.length - 1];
    if (!values.length) return { answer: "" };
    if (question.type === "multiple") return readSeveral(question, values, messages);
    if (question.type === "ranking") return readRanking(question, values, messages);
    if (question.type === "number") return readNumber(question, last, messages);
    if (question.type === "text") {
      return Array.from(last).length > question.max_length ? wrong(messages.max_length, question.max_length) : { answer: last };
    }
    return question.options.indexOf(last) < 0 ? wrong(messages.option) : { answer: last };
  }

  // An answer as a condition reads it: of a ranking, `questions.<name>.first` is the first place.
  function known(answers, fact) {
    var parts = fact.split(".");
    var answer = answers[parts[1]];
    if (answer === undefined) return [];
    if (parts[2] === "first") return [].concat(answer)[0];
    return answer;
  }

  function holds(condition, answers) {
    var test = condition[0], rest = condition.slice(1);
    if (test === "and") return rest.every(function (each) { return holds(each, answers); });
    if (test === "or") return rest.some(function (each) { return holds(each, answers); });
    if (test === "not") return !holds(rest[0], answers);
    var answer = [].concat(known(answers, rest[0]));
    if (test === "given") return answer.length > 0;
    if (test === "is" || test === "has") return rest.slice(1).some(function (each) { return answer.indexOf(each) >= 0; });
    return answer.length === 1 && COMPARE[rest[1]](Number(answer[0]), Number(rest[2]));
  }

  // A question may be named as something that every object has, such as `constructor`.
  function empty() { return Object.create(null); }

  // `posted` holds a list of values by question's name.
  function walk(tree, posted) {
    var found = { visible: [], answers: empty(), errors: empty() };
    tree.questions.forEach(function (question) {
      if (question.show_if && !holds(question.show_if, found.answers)) return;
      found.visible.push(question.name);
      var given = read(question, Object.hasOwn(posted, question.name) ? posted[question.name] : [], tree.messages);
      if (given.error) found.errors[question.name] = given.error;
      else if (given.answer.length) found.answers[question.name] = given.answer;
      else if (question.required) found.errors[question.name] = question.missing;
    });
    return found;
  }

  window.questionnaire = { walk: walk };

  // ---- The page. ----

  var form = document.querySelector("form.questionnaire");
  if (!form) return;
  var tree = JSON.parse(document.getElementById("questionnaire.tree").textContent);
  var byName = empty();
  tree.questions.forEach(function (each) { byName[each.name] = each; });
  // A question's name hides the form's own property of that name, so these are reached otherwise.
  var key = "lodestone.questions." + form.getAttribute("data-slug");
  var steps = Array.from(form.querySelectorAll(".step"));
  var sensitive = form.querySelector("[data-sensitive]");
  var send = form.querySelector(".send");
  var current = null, sent = false;

  function element(tag, attributes, children) {
    var made = document.createElement(tag);
    Object.keys(attributes).forEach(function (name) { made.setAttribute(name, attributes[name]); });
    [].concat(children).forEach(function (child) { made.append(child); });
    return made;
  }

  function posted() {
    var values = empty();
    tree.questions.forEach(function (each) { values[each.name] = []; });
    form.querySelectorAll("[data-question] input, [data-question] select, [data-question] textarea").forEach(function (each) {
      var isChoice = each.type === "radio" || each.type === "checkbox";
      if (!isChoice || each.checked) values[each.name].push(each.value);
    });
    return values;
  }

  function nameOf(step) { return step.dataset.question || ""; }

  // The steps of the way as it is now: visible questions, and where to send the result.
  function way(found) {
    return steps.filter(function (step) {
      return !nameOf(step) || found.visible.indexOf(nameOf(step)) >= 0;
    });
  }

  function showError(step, message) {
    var notes = step.querySelector(":scope > .notes");
    step.querySelectorAll(":scope > .notes .field-error").forEach(function (each) { each.remove(); });
    step.removeAttribute("aria-invalid");
    if (!message) return;
    step.setAttribute("aria-invalid", "true");
    notes.append(element("p", { "class": "field-error", role: "alert" }, message));
  }

  // Earlier answers in the text of later questions.
  function pipe(answers) {
    form.querySelectorAll("[data-piped]").forEach(function (span) {
      var question = byName[span.dataset.piped], answer = answers[span.dataset.piped];
      var labels = [].concat(answer === undefined ? [] : answer).map(function (value) {
        var at = question.options ? question.options.indexOf(value) : -1;
        return at >= 0 ? question.labels[at] : value;
      });
      span.textContent = labels.join(", ") || span.dataset.default;
    });
  }

  function draw(found) {
    var now = way(found);
    var last = now.indexOf(current) === now.length - 1;
    steps.forEach(function (step) { step.hidden = step !== current; });
    send.hidden = !last;
    if (sensitive) {
      sensitive.hidden = !last || !found.visible.some(function (name) { return byName[name].sensitive && found.answers[name]; });
    }
    next.hidden = last;
    back.hidden = now.indexOf(current) === 0;
    // A share of the way, never a count: what is left depends on the answers. It never goes back while going on.
    progress.value = steps.indexOf(current);
    progress.setAttribute("aria-label", Math.round(100 * progress.value / progress.max) + " per cent of the way");
    pipe(found.answers);
  }

  function go(step, quietly) {
    current = step;
    draw(walk(tree, posted()));
    if (quietly) return;
    var heading = step.querySelector("legend, h2");
    heading.setAttribute("tabindex", "-1");
    heading.focus({ preventScroll: true });
    if (form.getBoundingClientRect().top < 0) form.scrollIntoView();
  }

  function remember(step) {
    history.pushState({ step: steps.indexOf(step) }, "");
  }

  function advance() {
    var incomplete = nameOf(current) ? null : current.querySelector("input:invalid, select:invalid, textarea:invalid");
    if (incomplete) { incomplete.reportValidity(); return; }
    var found = walk(tree, posted());
    var error = found.errors[nameOf(current)];
    showError(current, error);
    if (error) { current.querySelector("input, select, textarea").focus(); return; }
    var now = way(found), step = now[now.indexOf(current) + 1];
    if (!step) return;
    go(step);
    save();
    remember(step);
  }

  function retreat() {
    var now = way(walk(tree, posted()));
    var step = now[now.indexOf(current) - 1];
    if (step) { go(step); remember(step); }
  }

  // ---- Going on later: kept on this machine alone, offered and never put in unasked. ----

  function save() {
    var values = posted();
    tree.questions.forEach(function (each) { if (each.sensitive) delete values[each.name]; });
    try {
      localStorage.setItem(key, JSON.stringify({ edition: tree.edition, values: values, step: steps.indexOf(current) }));
    } catch (refused) { /* A browser that keeps nothing: the questions work without. */ }
  }

  function saved() {
    try {
      var kept = JSON.parse(localStorage.getItem(key) || "null");
      return kept && kept.edition === tree.edition ? kept : null;
    } catch (refused) { return null; }
  }

  function forget() {
    try { localStorage.removeItem(key); } catch (refused) { /* as above */ }
  }

  function put(values) {
    Object.keys(values).forEach(function (name) {
      var places = 0;
      form.querySelectorAll('[name="' + CSS.escape(name) + '"]').forEach(function (each) {
        if (each.type === "radio" || each.type === "checkbox") each.checked = values[name].indexOf(each.value) >= 0;
        else if (each.tagName === "SELECT") each.value = values[name][places++] || "";
        else each.value = values[name][values[name].length - 1] || "";
      });
    });
  }

  function furthest(index) {
    var found = walk(tree, posted()), now = way(found);
    return now.find(function (step) {
      return steps.indexOf(step) >= index || found.errors[nameOf(step)];
    }) || now[0];
  }

  function offerToGoOn(kept) {
    var go_on = element("button", { type: "button" }, "Go on where I stopped");
    var anew = element("button", { type: "button", "class": "second" }, "Begin anew");
    var offer = element("div", { "class": "offer", role: "region", "aria-label": "Your earlier answers" },
      [element("p", {}, "You began this before, on this machine."), go_on, anew]);
    go_on.addEventListener("click", function () { put(kept.values); offer.remove(); go(furthest(kept.step)); });
    anew.addEventListener("click", function () { forget(); offer.remove(); go(current); });
    form.parentNode.insertBefore(offer, form);
  }

  // ---- Starting. ----

  var next = element("button", { type: "button", "class": "next" }, "Next");
  var back = element("button", { type: "button", "class": "back second" }, "Back");
  var progress = element("progress", { max: String(steps.length), value: "0" }, []);
  form.insertBefore(progress, form.firstChild);
  send.after(element("div", { "class": "steps" }, [next, back]));
  next.addEventListener("click", advance);
  back.addEventListener("click", retreat);

  // A press with pointer or finger on the only choice goes on; arrow keys choose, and do not.
  form.addEventListener("click", function (event) {
    var input = event.target;
    if (input.type !== "radio" || event.detail === 0 || !current || !current.contains(input)) return;
    var step = current;
    setTimeout(function () { if (current === step && !next.hidden) advance(); }, 220);
  });

  form.addEventListener("change", function () {
    if (current) { showError(current, ""); draw(walk(tree, posted())); }
  });

  form.addEventListener("keydown", function (event) {
    var target = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || !current || !nameOf(current)) return;
    var typing = target.tagName === "TEXTAREA" || target.type === "text" || target.tagName === "SELECT";
    if (event.key === "Enter" && target.tagName !== "TEXTAREA" && target.tagName !== "BUTTON" && !next.hidden) {
      event.preventDefault();
      advance();
    } else if (/^[0-9]$/.test(event.key) && !typing) {
      var options = Array.from(current.querySelectorAll("input[type=radio], input[type=checkbox]"));
      var isScale = byName[nameOf(current)].type === "scale";
      var option = isScale ? options.find(function (each) { return each.value === event.key; }) : options[Number(event.key) - 1];
      if (option) { option.checked = option.type === "radio" || !option.checked; option.focus(); option.dispatchEvent(new Event("change", { bubbles: true })); }
    }
  });

  form.addEventListener("submit", function (event) {
    var found = walk(tree, posted());
    var step = way(found).find(function (each) { return found.errors[nameOf(each)]; });
    if (step) {
      event.preventDefault();
      go(step);
      showError(step, found.errors[nameOf(step)]);
      return;
    }
    sent = true;
    // What is hidden is not sent. It comes back if the visitor does.
    steps.forEach(function (each) { if (nameOf(each) && found.visible.indexOf(nameOf(each)) < 0) each.disabled = true; });
    forget();
  });

  // A link of the server's summary leads to a step that is hidden.
  form.addEventListener("click", function (event) {
    var link = event.target.closest(".error-summary a");
    var target = link && document.getElementById(link.hash.slice(1));
    var step = target && (target.closest(".step") || way(walk(tree, posted())).pop());
    if (!step || step.hidden === false) return;
    event.preventDefault();
    go(step);
  });

  addEventListener("pageshow", function () {
    steps.forEach(function (each) { each.disabled = false; });
    if (sent) { sent = false; go(current, true); }
  });

  addEventListener("popstate", function (event) {
    var at = event.state && event.state.step;
    if (typeof at === "number") go(furthest(at));
    else go(way(walk(tree, posted()))[0]);
  });

  // `#role=owner`: the landing page's first question was answered there.
  function begun() {
    var pair = Array.from(new URLSearchParams(location.hash.slice(1))).find(function (each) {
      return byName[each[0]] && byName[each[0]].options && byName[each[0]].options.indexOf(each[1]) >= 0;
    });
    if (!pair) return false;
    var values = empty();
    values[pair[0]] = [pair[1]];
    put(values);
    // A reload is no new beginning.
    history.replaceState(null, "", location.pathname + location.search);
    return true;
  }

  form.classList.add("stepwise");
  var first = way(walk(tree, posted()))[0];
  var faulty = form.querySelector(".step[aria-invalid], .field-error");
  if (faulty) {
    // The server's answer: its words stay, and the first of them is shown. The tick for sensitive answers is at the end.
    current = faulty.closest(".step") || way(walk(tree, posted())).pop();
    draw(walk(tree, posted()));
  } else {
    var kept = saved();
    var answered = begun();
    go(first, true);
    if (kept) offerToGoOn(kept);
    if (answered) advance();
  }
})();
