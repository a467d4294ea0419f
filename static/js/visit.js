// A visit is one entry of the tab's history: after leaving, neither Back nor a reopened tab shows a
// page of ours. A link that is meant for another tab or for the disk stays as it is.
document.addEventListener("click", (event) => {
  const { target, button, altKey, ctrlKey, metaKey, shiftKey } = event;
  if (event.defaultPrevented || button || altKey || ctrlKey || metaKey || shiftKey) return;
  const link = target.closest("a[href]");
  if (!link || link.origin !== location.origin || link.target) return;
  if (link.hasAttribute("download")) return;
  location.replace(link.href);
  event.preventDefault();
});
