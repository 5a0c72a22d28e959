/** The namespaces that lists can be narrowed to. */
import { useCluster } from './live.js';
import { choice, field } from './parts.js';
import { t } from './text.js';

const NAMELESS = '-';

/** Whether there is any but the nameless one. */
export const useNamespaces = () => Object.keys(useCluster().status?.namespaces?.all ?? {}).some((name) => name !== '');

/** A field to choose one; nothing where there is none to choose. `value` is null for all of them. */
export function NamespaceField({ value, onChange, isOne }) {
  const { status } = useCluster();
  const all = Object.keys(status?.namespaces?.all ?? {});
  if (all.filter((name) => name !== '').length === 0) {
    return null;
  }
  return field(
    t('namespace'),
    choice(
      {
        value: value === null ? '' : value === '' ? NAMELESS : value,
        onChange: (event) => onChange(event.target.value === '' ? null : event.target.value === NAMELESS ? '' : event.target.value),
      },
      ...(isOne ? [] : [['', t('namespace.all')]]),
      [NAMELESS, t('namespace.nameless')],
      ...all.filter((name) => name !== '').map((name) => [name, name]),
    ),
  );
}
