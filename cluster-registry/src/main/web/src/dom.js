/** Elements as functions: div({ class: 'x' }, 'text', p('more')). Text is never read as markup. */
import { h, Fragment } from '../lib/preact.js';

const isProps = (value) => value !== null && typeof value === 'object' && value.constructor === Object;

/** Any element by its name: const { div, p } = tags. */
export const tags = new Proxy(
  {},
  {
    get: (_, name) => (first, ...rest) => (isProps(first) ? h(name, first, ...rest) : h(name, null, first, ...rest)),
  },
);

/** A component with its properties. */
export const put = (component, props, ...children) => h(component, props ?? null, ...children);

/** Several nodes where one is wanted. */
export const all = (...children) => h(Fragment, null, ...children);

/** Class names, those that are not false. */
export const names = (...list) => list.filter(Boolean).join(' ');
