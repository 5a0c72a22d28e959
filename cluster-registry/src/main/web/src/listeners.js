/** Where a gateway listens for clients, and what of that fails. */
import { get, path } from './api.js';
import { useAsked } from './ask.js';
import { put, tags } from './dom.js';
import { moment, number } from './format.js';
import { card, Failure, health, loading, titled } from './parts.js';
import { t } from './text.js';

const { div, li, span, table, tbody, td, th, thead, tr, ul } = tags;
const RENEWAL_MILLIS = 3_000;
const COLUMNS = ['name', 'address', 'transport', 'connections', 'state', 'certificate'];

export function Listeners({ id }) {
  const { value, problem, again } = useAsked((signal) => get(path`/nodes/${id}/listeners`, { signal }), [id], RENEWAL_MILLIS);
  return card(
    t('listeners'),
    problem ? put(Failure, { problem, again }) : null,
    !value && !problem ? loading() : null,
    value && (value.failures.length > 0 || value.complaint !== null)
      ? div(
          { class: 'notice warning', role: 'alert', 'data-failing': '' },
          value.complaint,
          ul(null, ...value.failures.map((one) => li({ key: one.listener }, span({ class: 'mono' }, one.listener), ': ', one.why))),
        )
      : null,
    value
      ? table(
          { class: 'simple stacks' },
          thead(null, tr(null, ...COLUMNS.map((key) => th({ key, scope: 'col' }, t(`listeners.${key}`))))),
          tbody(null, ...value.listeners.map((one) => tr({ key: one.name, 'data-listener': one.name }, ...cells(one)))),
        )
      : null,
  );
}

const cells = (one) => [
  td(null, one.name, one.namespace ? [' ', span({ class: 'chip' }, one.namespace)] : null),
  titled(t('listeners.address'), { class: 'mono' }, `${one.host}:${one.port}`),
  titled(t('listeners.transport'), null, one.transport),
  titled(t('listeners.connections'), null, one.maxConnections === 0 ? number(one.connections) : `${number(one.connections)} / ${number(one.maxConnections)}`),
  titled(t('listeners.state'), null, health(one.accepting, t(one.accepting ? 'listeners.accepting' : 'listeners.not'))),
  titled(t('listeners.certificate'), { class: 'time' }, one.certificateExpires ? moment(one.certificateExpires) : '–'),
];
