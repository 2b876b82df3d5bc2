// What the sandbox's pages make their elements with; it stands before each page's own script.
function byId(id) {
  return document.getElementById(id);
}

function make(tag, className, text) {
  var element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}
