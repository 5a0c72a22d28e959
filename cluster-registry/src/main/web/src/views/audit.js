/** What operators did, the latest first, by way of whichever registry. */
import { useState } from '../../lib/hooks.js';
import { get, query } from '../api.js';
import { useSettled } from '../ask.js';
import { names, put, tags } from '../dom.js';
import { moment, pattern } from '../format.js';
import { field, head, search } from '../parts.js';
import { Table, usePages } from '../table.js';
import { t } from '../text.js';

const { div, span } = tags;
const PAGE_ROWS = 500;
const FIRST_ERROR = 400;

export function Audit() {
  const [words, setWords] = useState('');
  const settled = useSettled(words);
  const { list, again } = usePages((cursor, signal) => get(`/audit${query({ operator: pattern(settled), limit: PAGE_ROWS, cursor })}`, { signal }), [settled]);
  return div(
    { class: 'view tall' },
    head({ title: t('view.audit') }),
    div({ class: 'filters', role: 'search' }, field(t('signin.name'), search({ placeholder: t('search.slash'), onInput: (event) => setWords(event.target.value.trim()) }))),
    put(Table, {
      list,
      again,
      columns: [
        { key: 'time', title: t('audit.time'), width: '12.5rem', narrow: '8rem', of: (one) => moment(one.time) },
        { key: 'operator', title: t('signin.name'), width: 'minmax(5rem, 1fr)', of: (one) => one.operator },
        { key: 'request', title: t('audit.request'), width: 'minmax(10rem, 4fr)', of: (one) => span({ class: 'mono', title: one.request }, `${one.method} ${one.request}`) },
        { key: 'status', title: t('audit.status'), width: '6rem', narrow: '4rem', of: (one) => span({ class: names('chip', one.status >= FIRST_ERROR && 'bad') }, one.status) },
        { key: 'from', title: t('client.address'), width: 'minmax(8rem, 1fr)', wide: true, of: (one) => span({ class: 'mono' }, one.from) },
      ],
      label: t('view.audit'),
      nameOf: (one) => `${one.operator}: ${one.method} ${one.request}`,
      empty: t(settled ? 'audit.nomatch' : 'audit.none'),
    }),
  );
}
