// Gives the reply form a random key, by which a post that is sent twice counts once.
for (const field of document.querySelectorAll('.respond input[name="key"]')) {
  if (!field.value && window.crypto && crypto.getRandomValues) {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    field.value = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }
}

// After a refused reply, a screen reader and the keyboard start at what went wrong.
document.getElementById("errors")?.focus();
