// The rich text editor is no form field, so its label does not name it by itself.
function nameEditors() {
  for (const field of document.querySelectorAll("textarea[data-django-prose-editor-configurable]")) {
    const editor = field.parentElement.querySelector('[role="textbox"]');
    const label = document.querySelector(`label[for="${field.id}"]`);
    if (editor && label) {
      label.id ||= `${field.id}_label`;
      editor.setAttribute("aria-labelledby", label.id);
      editor.setAttribute("aria-multiline", "true");
    }
  }
}

new MutationObserver(nameEditors).observe(document.body, { childList: true, subtree: true });
nameEditors();
