// Makes and changes elements. Text enters the page as text only: nothing here, or elsewhere, parses HTML.

export const $ = (selector) => document.querySelector(selector);

/** An element with attributes (`on...` are listeners) and children. */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value != null) element.setAttribute(key, String(value));
  }
  element.append(...children.filter((child) => child != null && child !== false));
  return element;
}

/** Writes a text where another one stands. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Makes the children of a list those of `items`, in their order, and keeps each element as long as its item is there, so that focus
 * and open details stay. `make` gives a new element; `update` is called for all.
 */
export function keep(list, items, keyOf, make, update) {
  const held = list.contains(document.activeElement) ? document.activeElement : null;
  const heldIndex = [...list.children].findIndex((element) => element.contains(held));
  const heldItem = list.children[heldIndex];
  const known = new Map([...list.children].map((element) => [element.dataset.key, element]));
  let last = null;
  for (const item of items) {
    const key = keyOf(item);
    let element = known.get(key);
    known.delete(key);
    if (!element) {
      element = make(item);
      element.dataset.key = key;
    }
    update(element, item);
    const next = last ? last.nextElementSibling : list.firstElementChild;
    if (next !== element) list.insertBefore(element, next);
    last = element;
  }
  for (const element of known.values()) element.remove();
  // What is moved loses the focus, and so does who stood on what has gone; without a place they would start from the top.
  if (held && (held.hidden || document.activeElement !== held)) {
    const next = list.children[heldIndex] ?? list.lastElementChild ?? list.parentElement;
    const near = heldItem.isConnected ? heldItem : next;
    const isThere = held.isConnected && !held.hidden;
    const place = isThere ? held : near.querySelector("button:not([hidden]), summary, select");
    place?.focus({ preventScroll: true });
  }
}

/** A picture of the emulator's, as elements. It is XML, and what is not a picture is refused. */
export function picture(text) {
  const parsed = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  if (parsed.nodeName !== "svg") throw new Error("the picture cannot be read");
  return document.importNode(parsed, true);
}

let hideToast;

/** Tells of something that went wrong. */
export function complain(text) {
  const toast = $("#toast");
  toast.hidden = false;
  say(toast, text);
  clearTimeout(hideToast);
  hideToast = setTimeout(() => (toast.hidden = true), 6000);
}

/** Copies what is asked for, wherever a button for it is. */
export function offerCopies() {
  document.addEventListener("click", async ({ target }) => {
    const button = target.closest?.("[data-copy]");
    if (!button) return;
    const { copy } = button.dataset;
    const source = copy === "near" ? button.parentElement.querySelector("pre") : $(copy);
    try {
      await navigator.clipboard.writeText(source.textContent);
      const label = button.firstChild;
      const before = label.data;
      label.data = "Copied";
      setTimeout(() => (label.data = before), 1500);
    } catch {
      getSelection().selectAllChildren(source);
      complain("The browser does not let the page copy; the text is selected instead.");
    }
  });
}
