/** How all of it is doing, in one look. */
import { useMemo } from '../../lib/hooks.js';
import { Chart } from '../chart.js';
import { names, put, tags } from '../dom.js';
import { duration, number, rate } from '../format.js';
import { useCluster } from '../live.js';
import { card, Failure, facts, head, loading } from '../parts.js';
import { ratesOfAll, shardsOf, troublesOf } from '../rates.js';
import { to } from '../routes.js';
import { t } from '../text.js';

const { a, div, li, span, strong, ul } = tags;

export function Overview() {
  const { status, samples, problem } = useCluster();
  const series = useMemo(() => seriesOf(samples), [samples]);
  if (!status) {
    return div(null, head({ title: t('view.overview') }), problem ? put(Failure, { problem }) : loading());
  }
  const last = samples.at(-1);
  const rates = ratesOfAll(samples.at(-2), last);
  const shards = shardsOf(status);
  const passing = status.nodes.filter((node) => node.health === 'passing').length;
  const lead = shards.filter((one) => one.leader !== null).length;
  const whole = shards.filter((one) => one.present === one.replicas.length).length;
  return div(
    { class: 'view overview' },
    head({ title: t('view.overview') }, span({ class: 'note' }, t('overview.asof', { time: status.asOf.slice(11, 19) }))),
    problem ? put(Failure, { problem }) : null,
    troubles(status),
    div(
      { class: 'tiles' },
      tile(t('overview.nodes'), `${passing} / ${status.nodes.length}`, passing === status.nodes.length, to('nodes')),
      tile(t('overview.shards'), `${lead} / ${shards.length}`, lead === shards.length && shards.length > 0, to('shards'), t('overview.shards.whole', { count: whole })),
      tile(t('overview.connections'), number(last.connections), null, to('clients')),
      tile(t('overview.in'), rate(rates?.in), null),
      tile(t('overview.out'), rate(rates?.out), null),
      tile(t('overview.errors'), rate(rates ? rates.dropped + rates.denied : null), rates ? rates.dropped + rates.denied === 0 : null, null, t('overview.errors.note')),
      tile(t('overview.sessions'), number(last.sessions), null, to('sessions')),
      tile(t('overview.queued'), number(last.queued), null, to('sessions')),
    ),
    div(
      { class: 'charts' },
      card(
        t('overview.messages'),
        put(Chart, {
          label: t('overview.messages'),
          data: series.messages,
          text: rate,
          lines: [
            { name: t('overview.in'), colour: '--one' },
            { name: t('overview.out'), colour: '--two' },
            { name: t('overview.errors'), colour: '--bad' },
          ],
        }),
      ),
      card(
        t('overview.clients'),
        put(Chart, {
          label: t('overview.clients'),
          data: series.clients,
          text: number,
          isWhole: true,
          lines: [
            { name: t('overview.connections'), colour: '--one' },
            { name: t('overview.sessions'), colour: '--two' },
          ],
        }),
      ),
      card(
        t('overview.waiting'),
        put(Chart, { label: t('overview.waiting'), data: series.waiting, text: number, isWhole: true, lines: [{ name: t('overview.queued'), colour: '--three' }] }),
      ),
      card(
        t('overview.cluster'),
        facts(
          [t('overview.id'), status.shardMap?.cluster],
          [t('overview.leader'), status.leader],
          [t('overview.replicas'), status.shardMap?.replicationFactor],
          [t('overview.consul'), status.consul ? `${status.consul.address}, ${t(status.consul.reachable ? 'answers' : 'answers.not')}` : t('none')],
          [t('overview.rules'), status.access === null ? null : status.access.rules === null ? t('overview.rules.none') : number(status.access.rules)],
          [t('overview.bans'), status.bans === null ? null : number(status.bans.count)],
          [t('overview.heldoff'), status.bans === null ? null : number(status.bans.heldOff)],
          [t('overview.age'), oldest(status)],
        ),
      ),
    ),
  );
}

const oldest = (status) => {
  const starts = status.nodes.map((node) => Date.parse(node.startedAt)).filter(Number.isFinite);
  return starts.length === 0 ? null : duration((Date.parse(status.asOf) - Math.min(...starts)) / 1000);
};

function troubles(status) {
  const found = troublesOf(status);
  return found.length === 0
    ? div({ class: 'notice good', role: 'status', 'data-troubles': '0' }, '● ', t('trouble.none'))
    : div(
        { class: names('notice', found.some((one) => one.severe) ? 'bad' : 'warning'), role: 'alert', 'data-troubles': found.length },
        strong(null, t('trouble.some')),
        ul(null, ...found.map((one, index) => li({ key: index }, t(`trouble.${one.kind}`, { ...one.values, role: one.values.role ? t(`role.${one.values.role}`) : '' })))),
      );
}

function tile(title, value, isGood, href, note) {
  const content = [span({ class: 'title' }, title), strong({ class: 'value' }, value), note ? span({ class: 'note' }, note) : null];
  const shape = names('tile', isGood === true && 'good', isGood === false && 'bad');
  return href ? a({ class: shape, href }, ...content) : div({ class: shape }, ...content);
}

function seriesOf(samples) {
  const times = samples.map((one) => one.at / 1000);
  const rates = samples.map((one, index) => ratesOfAll(samples[index - 1], one));
  return {
    messages: [times, rates.map((one) => one?.in ?? null), rates.map((one) => one?.out ?? null), rates.map((one) => (one ? one.dropped + one.denied : null))],
    clients: [times, samples.map((one) => one.connections), samples.map((one) => one.sessions)],
    waiting: [times, samples.map((one) => one.queued)],
  };
}
