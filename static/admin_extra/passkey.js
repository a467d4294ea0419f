// Binds the buttons that ask for a passkey to allauth's functions, and says when that did not work.
for (const button of document.querySelectorAll("[data-passkey]")) {
  const { passkey, credential, passwordless, options } = button.dataset;
  const ids = { [passkey]: button.id, credential, passwordless, data: options };
  window.allauth.webauthn.forms[`${passkey}Form`]({ ids });
}
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const problem = document.getElementById("passkey-problem");
  problem.hidden = false;
  problem.scrollIntoView({ block: "nearest" });
});
