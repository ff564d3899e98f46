// Elements without markup: text is always text, whatever a plugin calls its parameters.

/** @import {Session} from "./session.js" */

const svgSpace = "http://www.w3.org/2000/svg";

/** @typedef {Record<string, string|number|boolean|null|undefined|((event: any) => void)>} Attributes */

/**
 * @template {Element} E
 * @param {E} element
 * @param {Attributes} attributes
 * @param {(Node|string|null)[]} children
 */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/**
 * An HTML element. Attributes named on… are listeners; false, null and undefined are left out.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Attributes} [attributes]
 * @param {...(Node|string|null)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/**
 * An SVG element.
 * @template {keyof SVGElementTagNameMap} T
 * @param {T} tag
 * @param {Attributes} [attributes]
 * @param {...(Node|string|null)} children
 * @returns {SVGElementTagNameMap[T]}
 */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(svgSpace, tag), attributes, children);
}

/**
 * Writes a text only when it is another, so that an idle page paints nothing.
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Gives a menu its options. One that has them already keeps them, for it may be open.
 * @param {HTMLSelectElement} select
 * @param {{id: string, name: string}[]} options
 * @param {string} chosen
 */
export function setOptions(select, options, chosen) {
  const same =
    select.options.length === options.length &&
    options.every(
      ({ id, name }, i) => select.options[i]?.value === id && select.options[i]?.text === name,
    );
  if (!same)
    select.replaceChildren(...options.map(({ id, name }) => h("option", { value: id }, name)));
  if (select.value !== chosen) select.value = chosen;
}

/** @type {[string, (root: HTMLElement, session: Session) => void][]} */
const panels = [];

/**
 * A part of the page: the element `tag` is given to `mount` once the session exists.
 * @param {string} tag
 * @param {(root: HTMLElement, session: Session) => void} mount
 */
export function panel(tag, mount) {
  panels.push([tag, mount]);
}

/** @param {Session} session */
export function mountPanels(session) {
  for (const [tag, mount] of panels) {
    customElements.define(
      tag,
      class extends HTMLElement {
        connectedCallback() {
          mount(this, session);
        }
      },
    );
  }
}

/**
 * Runs `act` when its shortcut is pressed (panels/help.js lists them).
 * @param {string} name
 * @param {() => void} act
 */
export function onShortcut(name, act) {
  document.addEventListener(`shortcut-${name}`, act);
}

/**
 * Whether keys belong to what has the focus: someone is typing or choosing there.
 * @param {EventTarget|null} target
 */
export function takesKeys(target) {
  return (
    target instanceof Element && target.closest("input, select, textarea, dialog[open]") !== null
  );
}
