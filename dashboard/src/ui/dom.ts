// SPDX-License-Identifier: GPL-3.0-or-later
// Elements without markup: text is only ever set as text, so that a name
// cannot become an element.

export type Child = Node | string | number | null | undefined | false;

type Value = string | number | boolean | null | undefined | EventListener;

export interface Attributes {
  [name: string]: Value;
}

function apply(node: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === 'function') {
      node.addEventListener(name.slice(2), value);
    } else {
      node.setAttribute(name, value === true ? '' : String(value));
    }
  }
}

export function append(node: Node, children: readonly Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    node.appendChild(
      child instanceof Node ? child : document.createTextNode(String(child)),
    );
  }
}

/** An element of HTML: h('a', {class: 'x', href: '#/', onclick: f}, 'text'). */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  apply(node, attributes);
  append(node, children);
  return node;
}

const svgSpace = 'http://www.w3.org/2000/svg';

/** The same of SVG. */
export function s(
  tag: string,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElement {
  const node = document.createElementNS(svgSpace, tag);
  apply(node, attributes);
  append(node, children);
  return node;
}

export function replace(node: Element, ...children: Child[]): void {
  node.replaceChildren();
  append(node, children);
}

const colors = new Map<string, string>();
let swatch: HTMLElement | undefined;

/** The colour that a custom property of the style has now; the property itself
 * still holds both themes'. */
export function color(name: string): string {
  let found = colors.get(name);
  if (found === undefined) {
    swatch ??= document.body.appendChild(h('span', { hidden: true }));
    swatch.style.color = `var(--${name})`;
    found = getComputedStyle(swatch).color;
    colors.set(name, found);
  }
  return found;
}

/** After a change of the theme. */
export function forgetColors(): void {
  colors.clear();
}

/** A canvas that is as sharp as the screen. */
export function fitCanvas(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
): CanvasRenderingContext2D | null {
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext('2d');
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}
