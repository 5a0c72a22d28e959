/** What is wrong and wants somebody, and what was. */
import { get } from '../api.js';
import { useAsked } from '../ask.js';
import { names, put, tags } from '../dom.js';
import { moment, number, since } from '../format.js';
import { card, Failure, head, loading, titled } from '../parts.js';
import { to } from '../routes.js';
import { t } from '../text.js';

const { a, div, p, span, strong, table, tbody, td, th, thead, tr } = tags;
const RENEWAL_MILLIS = 3_000;
const COUNT_RENEWAL_MILLIS = 10_000;

export function Alarms() {
  const { value, problem, again } = useAsked((signal) => get('/alarms', { signal }), [], RENEWAL_MILLIS);
  return div(
    { class: 'view' },
    head({ title: t('view.alarms') }),
    problem ? put(Failure, { problem, again }) : null,
    !value && !problem ? loading() : null,
    value
      ? value.items.length === 0
        ? div({ class: 'notice good', role: 'status', 'data-alarms': '0' }, '● ', t('alarms.none'))
        : div({ class: 'card plain', 'data-alarms': value.items.length }, list(value.items, false))
      : null,
    value && value.leftOut > 0 ? div({ class: 'notice warning' }, t('alarms.leftout', { count: number(value.leftOut) })) : null,
    value ? card(t('alarms.cleared'), value.cleared.length === 0 ? p({ class: 'faint' }, t('none')) : div({ class: 'scroll' }, list(value.cleared, true))) : null,
  );
}

/** How many there are, for the menu; the registry that is asked has them in its memory, so that costs little. */
export function AlarmCount() {
  const { value } = useAsked((signal) => get('/alarms?cleared=0', { signal }), [], COUNT_RENEWAL_MILLIS);
  const count = value?.items.length ?? 0;
  const isSevere = value?.items.some((one) => one.severity === 'critical');
  return count === 0 ? null : span({ class: names('count', isSevere ? 'bad' : 'fair'), 'data-count': count }, number(count));
}

const severity = (name) => span({ class: names('health', name === 'critical' ? 'bad' : 'fair') }, span({ class: 'dot', 'aria-hidden': 'true' }, '▲'), t(`severity.${name}`));

function list(alarms, areOver) {
  return table(
    { class: 'simple stacks' },
    thead(null, tr(null, ...['severity', 'text', 'node', 'since', areOver ? 'until' : 'lasts'].map((key) => th({ key, scope: 'col' }, t(`alarms.${key}`))))),
    tbody(
      null,
      ...alarms.map((one) =>
        tr(
          { key: one.id + one.since, 'data-alarm': one.kind },
          td(null, areOver ? t(`severity.${one.severity}`) : severity(one.severity)),
          td(null, strong({ title: one.kind }, t(`kind.${one.kind}`)), div(null, one.text)),
          titled(t('alarms.node'), null, one.node ? a({ href: to('nodes', one.node), class: 'mono' }, one.node) : '–'),
          titled(t('alarms.since'), { class: 'time' }, moment(one.since)),
          titled(t(areOver ? 'alarms.until' : 'alarms.lasts'), { class: 'time' }, areOver ? moment(one.cleared) : since(one.since)),
        ),
      ),
    ),
  );
}
