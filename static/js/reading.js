// Tells the site that this piece was read, once a visit: after five seconds in view. It tells
// nothing about the reader, and keeps what it has told in this window alone.
(() => {
  const address = document.currentScript.dataset.beacon;
  let timer;

  function isFirst() {
    try {
      if (sessionStorage.getItem(address)) return false;
      sessionStorage.setItem(address, "read");
    } catch {
      // No storage: then it is once a page.
    }
    return true;
  }

  function follow() {
    clearTimeout(timer);
    // What is prerendered, or in a tab behind others, is hidden.
    if (document.visibilityState === "visible") timer = setTimeout(tell, 5000);
  }

  function tell() {
    document.removeEventListener("visibilitychange", follow);
    if (isFirst()) navigator.sendBeacon(address);
  }

  document.addEventListener("visibilitychange", follow);
  follow();
})();
