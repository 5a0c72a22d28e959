/** Who is held off for a while, and pardoning them. */
import { get, post, query } from '../api.js';
import { mayBan } from '../banned.js';
import { put, tags } from '../dom.js';
import { moment } from '../format.js';
import { useNamespaces } from '../namespaces.js';
import { confirmed, head, note } from '../parts.js';
import { Table, usePages } from '../table.js';
import { t } from '../text.js';
import { ReadOnly, useVersions } from '../versions.js';

const { button, div, p, span } = tags;
const PAGE_ROWS = 500;

/** Whom a pardon is about: a name, wherever it comes from, or an address. */
const whoOf = (one) => (one.kind === 'address' ? one.from : one.name);

export function HoldOffs({ me }) {
  const { latest } = useVersions('bans');
  const hasNamespaces = useNamespaces();
  const { list, again } = usePages((cursor, signal) => get(`/hold-offs${query({ limit: PAGE_ROWS, cursor })}`, { signal }), []);
  const mayPardon = mayBan(me, latest);
  const pardon = async (one) => {
    const who = whoOf(one);
    if (!(await confirmed({ title: t('holdoffs.pardon.title', { who }), detail: t(`holdoffs.pardon.detail.${one.kind}`), act: t('holdoffs.pardon') }))) {
      return;
    }
    try {
      await post('/bans/pardons', { [one.kind]: who });
      note(t('holdoffs.pardoned', { who }));
    } catch (failed) {
      note(failed.message, true);
    }
    again();
  };
  const columns = [
    { key: 'who', title: t('ban.who'), width: 'minmax(8rem, 2fr)', of: (one) => span({ class: 'mono' }, whoOf(one) || '""') },
    { key: 'kind', title: t('ban.kind'), width: '7rem', of: (one) => t(`ban.kind.${one.kind}`) },
    { key: 'from', title: t('holdoffs.from'), width: 'minmax(8rem, 1.2fr)', wide: true, of: (one) => span({ class: 'mono' }, one.from) },
    { key: 'since', title: t('ban.since'), width: '12.5rem', wide: true, of: (one) => (one.since ? moment(one.since) : '–') },
    { key: 'until', title: t('ban.until'), width: '12.5rem', of: (one) => moment(one.until) },
  ];
  if (hasNamespaces) {
    columns.splice(2, 0, { key: 'namespace', title: t('namespace'), width: 'minmax(5rem, 0.8fr)', wide: true, of: (one) => one.namespace || '–' });
  }
  if (mayPardon) {
    // its row is what is clicked, and what the keyboard opens
    columns.push({ key: 'pardon', title: '', width: '7rem', of: () => button({ type: 'button', class: 'quiet', tabIndex: -1 }, t('holdoffs.pardon')) });
  }
  return div(
    { class: 'view tall' },
    head({ title: t('view.holdoffs') }),
    put(ReadOnly, { latest }),
    p({ class: 'note' }, t('holdoffs.note')),
    put(Table, { list, again, columns, label: t('view.holdoffs'), nameOf: whoOf, onOpen: mayPardon ? pardon : null, empty: t('holdoffs.none') }),
  );
}
