/** Which view is shown, by what is behind # in the address: #/clients/NAMESPACE/ID. */
import { useEffect, useState } from '../lib/hooks.js';

/** An address of a view. */
export const to = (view, ...parts) => `#/${[view, ...parts.map(encodeURIComponent)].join('/')}`;

function read() {
  const [view, ...parts] = location.hash.replace(/^#\/?/, '').split('/');
  try {
    return { view, parts: parts.map(decodeURIComponent) };
  } catch {
    return { view: '', parts: [] }; // an address that somebody has cut
  }
}

export function useRoute() {
  const [route, set] = useState(read);
  useEffect(() => {
    const told = () => set(read());
    addEventListener('hashchange', told);
    return () => removeEventListener('hashchange', told);
  }, []);
  return route;
}

/** The words of a namespace and a client id in an address; the nameless namespace is a dash there. */
export const placeOf = (item) => [item.namespace === '' ? '-' : item.namespace, item.clientId];
export const namespaceOf = (part) => (part === '-' ? '' : part);
