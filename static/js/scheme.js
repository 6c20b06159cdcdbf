// Before anything is drawn: that scripts run, and the colours that the reader chose earlier.
document.documentElement.dataset.scripts = "";
try {
  const chosen = localStorage.getItem("scheme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.scheme = chosen;
} catch {
  // Where a browser keeps nothing for sites, the device decides.
}
