/** Who is connected, and one of them. */
import { useState } from '../../lib/hooks.js';
import { get, path, query, remove } from '../api.js';
import { useAsked, useSettled } from '../ask.js';
import { toBan } from '../banned.js';
import { put, tags } from '../dom.js';
import { bytes, expiry, moment, number, pattern, rate, since } from '../format.js';
import { NamespaceField, useNamespaces } from '../namespaces.js';
import { card, choice, confirmed, facts, Failure, field, head, loading, note, search } from '../parts.js';
import { namespaceOf, placeOf, to } from '../routes.js';
import { Table, usePages } from '../table.js';
import { t } from '../text.js';
import { willText } from '../will.js';

const { a, button, div, input, span } = tags;
const PAGE_ROWS = 500;
const RENEWAL_MILLIS = 3_000;

export function Clients({ parts, me }) {
  return parts.length === 2 ? put(Client, { namespace: namespaceOf(parts[0]), id: parts[1], me }) : put(List, { me });
}

function List({ me }) {
  const [asked, set] = useState({ id: '', user: '', address: '', protocol: '', namespace: null });
  const settled = useSettled(asked);
  const hasNamespaces = useNamespaces();
  const change = (name) => (event) => set((before) => ({ ...before, [name]: event.target.value.trim() }));
  const { list, again } = usePages(
    (cursor, signal) =>
      get(
        `/clients${query({
          id: pattern(settled.id),
          user: pattern(settled.user),
          address: settled.address || null,
          protocol: settled.protocol || null,
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
    { key: 'user', title: t('client.user'), width: 'minmax(6rem, 1fr)', wide: true, of: (one) => one.user ?? '–' },
    { key: 'address', title: t('client.address'), width: 'minmax(7rem, 1.2fr)', of: (one) => span({ class: 'mono' }, one.address ?? '–') },
    { key: 'gateway', title: t('client.gateway'), width: 'minmax(6rem, 0.8fr)', wide: true, of: (one) => span({ class: 'mono' }, one.gateway) },
    { key: 'protocol', title: t('client.protocol'), width: '4rem', wide: true, of: (one) => one.protocol },
    { key: 'since', title: t('client.since'), width: '7.5rem', number: true, of: (one) => since(one.connectedAt) },
    { key: 'flight', title: t('client.flight'), width: '5rem', number: true, wide: true, of: (one) => number(one.inFlight) },
  ];
  if (hasNamespaces && me.namespace === null) {
    columns.splice(1, 0, { key: 'namespace', title: t('namespace'), width: 'minmax(5rem, 0.7fr)', wide: true, of: (one) => one.namespace || '–' });
  }
  return div(
    { class: 'view tall' },
    head({ title: t('view.clients') }),
    div(
      { class: 'filters', role: 'search' },
      field(t('client.id'), search({ placeholder: t('search.slash'), onInput: change('id') })),
      field(t('client.user'), input({ type: 'search', onInput: change('user') })),
      field(t('client.address'), input({ type: 'search', placeholder: '10.0.0.0/8', onInput: change('address') })),
      field(t('client.protocol'), choice({ value: asked.protocol, onChange: change('protocol') }, ['', t('any')], ['5', '5'], ['3.1.1', '3.1.1'], ['3.1', '3.1'])),
      me.namespace === null ? put(NamespaceField, { value: asked.namespace, onChange: (namespace) => set((before) => ({ ...before, namespace })) }) : null,
    ),
    put(Table, {
      list,
      again,
      columns,
      label: t('view.clients'),
      nameOf: (one) => one.clientId,
      hrefOf: (one) => to('clients', ...placeOf(one)),
      empty: settled.id || settled.user || settled.address || settled.protocol ? t('clients.nomatch') : t('clients.none'),
    }),
  );
}

function ratesText(messages, size) {
  return messages === undefined ? null : t('client.rates', { messages: rate(messages), bytes: bytes(size) });
}

function Client({ namespace, id, me }) {
  const { value, problem, loading: isLoading, again } = useAsked((signal) => get(path`/clients/${id}` + query({ namespace, seconds: 1 }), { signal }), [namespace, id], RENEWAL_MILLIS);
  const hasNamespaces = useNamespaces();
  const disconnect = async () => {
    if (!(await confirmed({ title: t('client.disconnect.title', { id }), detail: t('client.disconnect.detail'), act: t('client.disconnect') }))) {
      return;
    }
    try {
      await remove(path`/clients/${id}` + query({ namespace }));
      note(t('client.disconnected', { id }));
    } catch (failed) {
      note(failed.message, true);
    }
    again();
  };
  const isGone = problem?.status === 404;
  return div(
    { class: 'view' },
    head(
      { title: id, back: to('clients') },
      a({ class: 'button', href: to('sessions', namespace || '-', id) }, t('client.session')),
      a({ class: 'button', href: to('explain', namespace || '-', id) }, t('view.explain')),
      me.role !== 'viewer' ? a({ class: 'button', href: to('traces', namespace || '-', id) }, t('traces.client')) : null,
      me.role !== 'viewer' && me.namespace === null ? a({ class: 'button', href: toBan('client-id', id, hasNamespaces ? namespace : null) }, t('ban.act')) : null,
      me.role !== 'viewer' && value && !isGone ? button({ type: 'button', class: 'danger', onClick: disconnect }, t('client.disconnect')) : null,
    ),
    isGone ? div({ class: 'notice warning', role: 'status' }, t('client.gone')) : problem ? put(Failure, { problem, again }) : null,
    isLoading && !value ? loading() : null,
    value
      ? card(
          null,
          facts(
            [t('client.user'), value.user],
            [t('client.address'), value.address],
            [t('namespace'), value.namespace || t('namespace.nameless')],
            [t('client.gateway'), me.namespace === null ? a({ href: to('nodes', value.gateway), class: 'mono' }, value.gateway) : value.gateway],
            [t('client.protocol'), `MQTT ${value.protocol}`],
            [t('client.connected'), `${moment(value.connectedAt)} (${since(value.connectedAt)})`],
            [t('client.keepalive'), value.keepAliveSeconds === 0 ? t('none') : `${value.keepAliveSeconds} s`],
            [t('client.persistent'), value.persistent ? expiry(value.sessionExpirySeconds, t('forever')) : t('no')],
            [t('client.flight'), `${number(value.inFlight)} / ${number(value.receiveMaximum)}`],
            [t('client.waiting'), bytes(value.waitingBytes)],
            [t('client.in'), ratesText(value.rates?.messagesIn, value.rates?.bytesIn)],
            [t('client.out'), ratesText(value.rates?.messagesOut, value.rates?.bytesOut)],
            [t('client.will'), value.will ? willText(value.will) : value.missing?.length > 0 ? null : t('none')],
          ),
        )
      : null,
  );
}
