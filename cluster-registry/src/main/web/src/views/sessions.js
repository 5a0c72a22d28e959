/** What is kept of clients, connected or not: sessions, and one of them with its queue. */
import { useState } from '../../lib/hooks.js';
import { get, path, query, remove } from '../api.js';
import { useAsked, useSettled } from '../ask.js';
import { put, tags } from '../dom.js';
import { bytes, expiry, moment, number, pattern, since } from '../format.js';
import { MessageRow } from '../messages.js';
import { NamespaceField, useNamespaces } from '../namespaces.js';
import { card, choice, confirmed, facts, Failure, field, head, health, loading, note, search } from '../parts.js';
import { namespaceOf, placeOf, to } from '../routes.js';
import { Table, usePages } from '../table.js';
import { t } from '../text.js';
import { willText } from '../will.js';

const { a, button, div, input, p, span, table, tbody, td, th, thead, tr } = tags;
const PAGE_ROWS = 500;
const QUEUE_ROWS = 50;
const RENEWAL_MILLIS = 3_000;

export function Sessions({ parts, me }) {
  return parts.length === 2 ? put(Session, { namespace: namespaceOf(parts[0]), id: parts[1], me }) : put(List, { me });
}

const attachedText = (one) => (one.attached ? health(true, t('session.attached')) : span({ class: 'faint' }, t('session.away', { time: since(one.detachedAt) })));

function List({ me }) {
  const [asked, set] = useState({ id: '', attached: '', minQueued: '', persistent: 'true', namespace: null });
  const settled = useSettled(asked);
  const hasNamespaces = useNamespaces();
  const change = (name) => (event) => set((before) => ({ ...before, [name]: event.target.value.trim() }));
  const { list, again } = usePages(
    (cursor, signal) =>
      get(
        `/sessions${query({
          id: pattern(settled.id),
          attached: settled.attached || null,
          persistent: settled.persistent,
          minQueued: settled.minQueued || null,
          namespace: settled.namespace,
          limit: PAGE_ROWS,
          cursor,
        })}`,
        { signal },
      ),
    [settled],
  );
  const columns = [
    { key: 'id', title: t('client.id'), width: 'minmax(9rem, 2.2fr)', of: (one) => span({ class: 'mono' }, one.clientId) },
    { key: 'attached', title: t('session.state'), width: 'minmax(7rem, 1fr)', of: attachedText },
    { key: 'queued', title: t('session.queued'), width: '5rem', number: true, of: (one) => number(one.queued) },
    { key: 'bytes', title: t('session.bytes'), width: '6rem', number: true, wide: true, of: (one) => bytes(one.queuedBytes) },
    { key: 'dropped', title: t('session.dropped'), width: '5.5rem', number: true, wide: true, of: (one) => number(one.dropped) },
    { key: 'subscriptions', title: t('session.subscriptions'), width: '7rem', number: true, wide: true, of: (one) => number(one.subscriptions) },
    { key: 'shard', title: t('session.shard'), width: '4.5rem', number: true, wide: true, of: (one) => one.shard },
  ];
  if (hasNamespaces && me.namespace === null) {
    columns.splice(1, 0, { key: 'namespace', title: t('namespace'), width: 'minmax(5rem, 0.7fr)', wide: true, of: (one) => one.namespace || '–' });
  }
  return div(
    { class: 'view tall' },
    head({ title: t('view.sessions') }),
    div(
      { class: 'filters', role: 'search' },
      field(t('client.id'), search({ placeholder: t('search.slash'), onInput: change('id') })),
      field(t('session.state'), choice({ value: asked.attached, onChange: change('attached') }, ['', t('any')], ['true', t('session.attached')], ['false', t('session.detached')])),
      field(t('session.kept'), choice({ value: asked.persistent, onChange: change('persistent') }, ['true', t('session.kept.yes')], ['false', t('session.kept.no')])),
      field(t('session.minqueued'), input({ type: 'number', min: 0, onInput: change('minQueued') })),
      me.namespace === null ? put(NamespaceField, { value: asked.namespace, onChange: (namespace) => set((before) => ({ ...before, namespace })) }) : null,
    ),
    put(Table, {
      list,
      again,
      columns,
      label: t('view.sessions'),
      nameOf: (one) => one.clientId,
      hrefOf: (one) => to('sessions', ...placeOf(one)),
      empty: settled.id || settled.attached || settled.minQueued ? t('sessions.nomatch') : t('sessions.none'),
    }),
  );
}

function Session({ namespace, id, me }) {
  const { value, problem, loading: isLoading, again } = useAsked((signal) => get(path`/sessions/${id}` + query({ namespace }), { signal }), [namespace, id], RENEWAL_MILLIS);
  const isGone = problem?.status === 404;
  const session = value?.session;
  const end = async () => {
    if (!(await confirmed({ title: t('session.end.title', { id }), detail: t('session.end.detail', { count: number(session.queued) }), act: t('session.end') }))) {
      return;
    }
    try {
      await remove(path`/sessions/${id}` + query({ namespace }));
      note(t('session.ended', { id }));
    } catch (failed) {
      note(failed.message, true);
    }
    again();
  };
  return div(
    { class: 'view' },
    head(
      { title: id, back: to('sessions') },
      a({ class: 'button', href: to('explain', namespace || '-', id) }, t('view.explain')),
      me.role !== 'viewer' && session && !isGone ? button({ type: 'button', class: 'danger', onClick: end }, t('session.end')) : null,
    ),
    isGone ? div({ class: 'notice warning', role: 'status' }, t('session.gone')) : problem ? put(Failure, { problem, again }) : null,
    isLoading && !value ? loading() : null,
    session
      ? card(
          null,
          facts(
            [t('session.state'), attachedText(session)],
            [t('namespace'), session.namespace || t('namespace.nameless')],
            [t('client'), session.attached ? a({ href: to('clients', namespace || '-', id) }, t('session.client')) : null],
            [t('session.expiry'), session.persistent ? expiry(session.expirySeconds, t('forever')) : t('no')],
            [t('session.since'), session.detachedAt ? moment(session.detachedAt) : null],
            [t('session.queued'), `${number(session.queued)} (${bytes(session.queuedBytes)})`],
            [t('session.dropped'), number(session.dropped)],
            [t('session.inbound'), number(session.inbound)],
            [t('session.will'), value.will ? willText(value.will) : session.will ? t('yes') : t('no')],
            [t('session.shard'), `${session.shard}, ${t('session.epoch', { epoch: session.epoch })}`],
          ),
        )
      : null,
    session ? card(t('session.subscriptions'), subscriptions(value.subscriptions, session)) : null,
    session && me.role !== 'viewer' && session.persistent ? put(Queue, { namespace, id, whenCleared: again }) : null,
  );
}

function subscriptions(list, session) {
  if (list.length === 0) {
    return p({ class: 'faint' }, session.persistent ? t('session.nosubscriptions') : t('session.elsewhere'));
  }
  return table(
    { class: 'simple' },
    thead(null, tr(null, ...['filter', 'qos', 'options', 'identifier'].map((key) => th({ key, scope: 'col' }, t(`subscription.${key}`))))),
    tbody(
      null,
      ...list.map((one) =>
        tr(
          { key: one.filter },
          td({ class: 'mono' }, one.filter),
          td(null, one.qos),
          td(null, [one.noLocal && 'No Local', one.retainAsPublished && 'Retain As Published'].filter(Boolean).join(', ') || '–'),
          td(null, one.identifier || '–'),
        ),
      ),
    ),
  );
}

/** The messages that wait, the oldest first; looking takes none away. */
function Queue({ namespace, id, whenCleared }) {
  const [from, setFrom] = useState([0]);
  const at = from.at(-1);
  const { value, problem, again } = useAsked((signal) => get(path`/sessions/${id}/messages` + query({ namespace, from: at, limit: QUEUE_ROWS, payloads: true }), { signal }), [namespace, id, at]);
  const clear = async () => {
    if (!(await confirmed({ title: t('session.clear.title', { id }), detail: t('session.clear.detail'), act: t('session.clear') }))) {
      return;
    }
    try {
      const { cleared } = await remove(path`/sessions/${id}/messages` + query({ namespace }));
      note(t('session.cleared', { id, count: number(cleared) }));
    } catch (failed) {
      note(failed.message, true);
    }
    setFrom([0]);
    again();
    whenCleared();
  };
  return card(
    t('session.queue'),
    problem ? put(Failure, { problem, again }) : null,
    !value ? (problem ? null : loading()) : null,
    value && value.messages.length === 0 ? p({ class: 'faint' }, t('session.queue.empty')) : null,
    value
      ? div(
          { class: 'messages' },
          ...value.messages.map((one) =>
            one.message === null
              ? div({ key: one.sequence, class: 'message faint' }, t('session.queue.released', { sequence: one.sequence }))
              : put(MessageRow, { key: one.sequence, message: { ...one.message, qos: one.qos }, note: `#${one.sequence}` }),
          ),
        )
      : null,
    div(
      { class: 'actions' },
      button({ type: 'button', disabled: from.length === 1, onClick: () => setFrom(from.slice(0, -1)) }, t('earlier')),
      button({ type: 'button', disabled: value?.next === null || value?.next === undefined, onClick: () => setFrom([...from, value.next]) }, t('later')),
      button({ type: 'button', class: 'quiet', onClick: again }, t('list.again')),
      value && value.messages.length > 0 ? button({ type: 'button', class: 'danger', onClick: clear }, t('session.clear')) : null,
    ),
  );
}
