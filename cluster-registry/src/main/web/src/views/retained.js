/** Retained messages, by filter. */
import { useState } from '../../lib/hooks.js';
import { get, path, query, remove } from '../api.js';
import { useAsked, useSettled } from '../ask.js';
import { put, tags } from '../dom.js';
import { bytes, moment } from '../format.js';
import { MessageRow } from '../messages.js';
import { NamespaceField } from '../namespaces.js';
import { card, confirmed, Failure, field, head, loading, note, search } from '../parts.js';
import { namespaceOf, to } from '../routes.js';
import { Table, usePages } from '../table.js';
import { t } from '../text.js';

const { button, div, span } = tags;
const PAGE_ROWS = 500;

export function Retained({ parts, me }) {
  return parts.length === 2 ? put(One, { namespace: namespaceOf(parts[0]), topic: parts[1], me }) : put(List, { me });
}

function List({ me }) {
  const [filter, setFilter] = useState('');
  const [namespace, setNamespace] = useState('');
  const settled = useSettled(filter);
  const within = me.namespace === null ? namespace : null;
  const { list, again } = usePages((cursor, signal) => get(`/retained${query({ filter: settled || '#', namespace: within, limit: PAGE_ROWS, cursor })}`, { signal }), [settled, within]);
  return div(
    { class: 'view tall' },
    head({ title: t('view.retained') }),
    div(
      { class: 'filters', role: 'search' },
      field(t('retained.filter'), search({ placeholder: '#', onInput: (event) => setFilter(event.target.value.trim()) })),
      me.namespace === null ? put(NamespaceField, { value: namespace, isOne: true, onChange: setNamespace }) : null,
    ),
    put(Table, {
      list,
      again,
      columns: [
        { key: 'topic', title: t('message.topic'), width: 'minmax(10rem, 3fr)', of: (one) => span({ class: 'mono' }, one.topic) },
        { key: 'qos', title: 'QoS', width: '3.5rem', number: true, of: (one) => one.qos },
        { key: 'bytes', title: t('message.bytes'), width: '6rem', number: true, of: (one) => bytes(one.bytes) },
        { key: 'expires', title: t('message.expires'), width: 'minmax(8rem, 1fr)', wide: true, of: (one) => (one.expiresAt ? moment(one.expiresAt) : t('never')) },
      ],
      label: t('view.retained'),
      nameOf: (one) => one.topic,
      hrefOf: me.role === 'viewer' ? null : (one) => to('retained', within || '-', one.topic),
      empty: t(settled ? 'retained.nomatch' : 'retained.none'),
    }),
  );
}

/** One of them, which a filter without wildcards finds. */
function One({ namespace, topic, me }) {
  const within = me.namespace === null ? namespace : null;
  const { value, problem, again } = useAsked((signal) => get(`/retained${query({ filter: topic, namespace: within, payloads: true, limit: 1 })}`, { signal }), [namespace, topic]);
  const message = value?.items[0];
  const clear = async () => {
    if (!(await confirmed({ title: t('retained.delete.title', { topic }), detail: t('retained.delete.detail'), act: t('retained.delete') }))) {
      return;
    }
    try {
      await remove(path`/retained/${topic}` + query({ namespace: within }));
      note(t('retained.deleted'));
    } catch (failed) {
      note(failed.message, true);
    }
    again();
  };
  return div(
    { class: 'view' },
    head({ title: topic, back: to('retained') }, message ? button({ type: 'button', class: 'danger', onClick: clear }, t('retained.delete')) : null),
    problem ? put(Failure, { problem, again }) : null,
    !value && !problem ? loading() : null,
    value && !message ? div({ class: 'state' }, t('retained.gone')) : null,
    message ? card(null, put(MessageRow, { message, note: message.expiresAt ? `${t('message.expires')}: ${moment(message.expiresAt)}` : null })) : null,
  );
}
