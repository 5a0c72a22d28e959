/** What is busiest. Gateways count while somebody asks, so it is asked only while this is looked at. */
import { useState } from '../../lib/hooks.js';
import { get, query } from '../api.js';
import { useAsked } from '../ask.js';
import { put, tags } from '../dom.js';
import { bytes, number, rate } from '../format.js';
import { NamespaceField, useNamespaces } from '../namespaces.js';
import { card, choice, Failure, field, head, loading, Missing } from '../parts.js';
import { placeOf, to } from '../routes.js';
import { t } from '../text.js';

const { a, div, p, span, table, tbody, td, th, thead, tr } = tags;
const COUNTING_SECONDS = 2;

/** Between an answer and the next question. */
const PAUSE_MILLIS = 1_000;
const LENGTHS = ['10', '30', '100'];

/** The lists: where their names lead, what is counted, and how it reads. */
const LISTS = [
  { key: 'topics', of: (one) => rate(one.perSecond) },
  { key: 'senders', leads: 'clients', of: (one) => rate(one.perSecond) },
  { key: 'receivers', leads: 'clients', of: (one) => bytes(Math.round(one.perSecond)) },
  { key: 'waiting', leads: 'clients', of: (one) => bytes(one.count) },
  { key: 'queues', leads: 'sessions', of: (one) => number(one.count) },
  { key: 'flapping', leads: 'clients', of: (one) => number(one.count) },
  { key: 'losses', leads: 'clients', of: (one) => number(one.count) },
  { key: 'dropped', leads: 'sessions', of: (one) => number(one.count) },
];

export function Busiest({ me }) {
  const [namespace, setNamespace] = useState(null);
  const [limit, setLimit] = useState(LENGTHS[0]);
  const { value, problem, again } = useAsked((signal) => get(`/top${query({ seconds: COUNTING_SECONDS, limit, namespace })}`, { signal }), [namespace, limit], PAUSE_MILLIS);
  const hasNamespaces = useNamespaces();
  return div(
    { class: 'view' },
    head({ title: t('view.busiest') }),
    div(
      { class: 'filters' },
      field(t('busiest.limit'), choice({ value: limit, onChange: (event) => setLimit(event.target.value) }, ...LENGTHS.map((one) => [one, one]))),
      me.namespace === null ? put(NamespaceField, { value: namespace, onChange: setNamespace }) : null,
    ),
    problem ? put(Failure, { problem, again }) : null,
    !value && !problem ? loading(t('busiest.counting')) : null,
    value ? put(Missing, { missing: value.missing }) : null,
    value ? div({ class: 'halves' }, ...LISTS.map((list) => listed(list, value[list.key], hasNamespaces && me.namespace === null))) : null,
    div({ class: 'note' }, t('busiest.note', { seconds: COUNTING_SECONDS })),
  );
}

/** One list, each with a bar beside the first. */
function listed({ key, leads, of }, items, tellsNamespaces) {
  const most = Math.max(...items.map(amountOf));
  return card(
    t(`busiest.${key}`),
    items.length === 0
      ? p({ class: 'faint', 'data-busiest': key }, t(`busiest.${key}.none`))
      : table(
          { class: 'simple', 'data-busiest': key },
          thead(null, tr(null, th({ scope: 'col' }, t(leads ? 'client.id' : 'message.topic')), th({ scope: 'col', class: 'number' }, t(`busiest.${key}.unit`)))),
          tbody(
            null,
            ...items.map((one) => {
              const place = { namespace: one.namespace ?? '', clientId: one.name }; // what is empty is left out
              return tr(
                { key: `${place.namespace} ${one.reason ?? ''} ${one.name}`, 'data-name': one.name },
                td(
                  { class: 'long mono' },
                  leads ? a({ href: to(leads, ...placeOf(place)) }, one.name) : one.name,
                  one.reason ? [' ', span({ class: 'chip' }, t(`loss.${one.reason}`))] : null,
                  tellsNamespaces && place.namespace ? [' ', span({ class: 'chip' }, place.namespace)] : null,
                  div({ class: 'share', 'aria-hidden': 'true', style: { width: `${(100 * amountOf(one)) / most}%` } }),
                ),
                td({ class: 'number time' }, of(one)),
              );
            }),
          ),
        ),
  );
}

const amountOf = (one) => one.perSecond ?? one.count;
