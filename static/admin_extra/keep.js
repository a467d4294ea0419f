// Never loses what is typed. Before a form is sent, the site is asked whether it can take it: when
// one is signed out or the network is gone, the form stays as it is and says how to go on. A new
// sign-in, in another tab, changes the token that forms carry, so it is renewed here. Leaving with
// words that are not sent yet asks first. Nothing is stored on the device: others may use it.
{
  const { stillHere, signIn, person } = document.currentScript.dataset;
  const LONGEST = 15000; // milliseconds to wait for an answer
  const forms = "body:not(.way-in) #content form[method=post]:not(#changelist-form)";
  let writer = person;
  let isTyped = document.querySelector("#content form .errornote") !== null; // it came back unsaved
  let isLeaving = false;
  let isAsking = false;
  let passed = null; // the form that goes out now
  let waiting = null; // what is to be sent once one is signed in again: form and button

  const ofOurs = (event) => event.target.closest?.(forms);
  for (const name of ["input", "change"]) {
    document.addEventListener(name, (event) => {
      if (ofOurs(event)) isTyped = true;
    });
  }

  addEventListener("beforeunload", (event) => {
    if (isTyped && !isLeaving) event.preventDefault();
  });
  addEventListener("pageshow", () => (isLeaving = false));

  document.addEventListener("submit", (event) => {
    const form = ofOurs(event);
    if (!form || event.defaultPrevented) return;
    if (event.submitter?.formTarget === "_blank") return; // the words stay in this tab
    if (form === passed) {
      isLeaving = true;
      return;
    }
    event.preventDefault();
    if (!isAsking) send(form, event.submitter);
  });

  document.addEventListener("visibilitychange", async () => {
    if (document.hidden || !document.querySelector(forms)) return;
    const answer = await ask(); // one may have signed in again in another tab
    if (waiting && answer.token) say("You are signed in again. Nothing is lost.", { again: true });
  });

  async function send(form, button) {
    waiting = { form, button };
    const answer = await ask();
    if (answer.problem) {
      say(answer.problem, answer);
    } else if (answer.person !== writer) {
      say(`${answer.person} is signed in now, and ${writer} was before. Send this as ${answer.person}?`, {
        again: true,
      });
      writer = answer.person;
    } else {
      waiting = null;
      passed = form;
      form.requestSubmit(button);
      passed = null;
    }
  }

  // Returns who is signed in and the new token, or the problem.
  async function ask() {
    isAsking = true;
    try {
      const response = await fetch(stillHere, {
        redirect: "manual",
        cache: "no-store",
        signal: AbortSignal.timeout(LONGEST),
      });
      if (response.type === "opaqueredirect") {
        return { problem: "You are signed out. Nothing is lost: your words are still here.", signedOut: true };
      }
      if (!response.ok) throw new Error(response.status);
      const answer = await response.json();
      for (const field of document.getElementsByName("csrfmiddlewaretoken")) field.value = answer.token;
      return answer;
    } catch {
      return { problem: "The site does not answer. Nothing is lost: your words are still here.", again: true };
    } finally {
      isAsking = false;
    }
  }

  function say(text, { signedOut, again }) {
    const { form, button } = waiting;
    const notice = form.querySelector(".kept") ?? document.createElement("div");
    notice.className = "kept";
    const words = document.createElement("p");
    words.setAttribute("role", "alert");
    notice.replaceChildren(words);
    if (signedOut) {
      const link = document.createElement("a");
      Object.assign(link, { href: signIn, target: "_blank", rel: "noreferrer" });
      link.textContent = "Sign in again (a new tab)";
      notice.append(link, ", then come back to this tab. ");
    }
    const repeat = document.createElement("button");
    repeat.type = "button";
    repeat.className = "button";
    repeat.textContent = again ? "Send it now" : "Try again";
    repeat.addEventListener("click", () => isAsking || send(form, button));
    notice.append(repeat);
    const row = button?.closest(".submit-row, p") ?? form.lastElementChild;
    row.before(notice);
    words.textContent = text; // once it is in the page, so that it is read aloud
    notice.scrollIntoView({ block: "center" });
  }
}
