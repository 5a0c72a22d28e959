/** Who leads which shard, and how its replicas are doing. */
import { names, put, tags } from '../dom.js';
import { number } from '../format.js';
import { useCluster } from '../live.js';
import { Failure, head, health, loading } from '../parts.js';
import { shardsOf } from '../rates.js';
import { to } from '../routes.js';
import { t } from '../text.js';

const { a, div, span, table, tbody, td, th, thead, tr } = tags;

export function Shards() {
  const { status, problem } = useCluster();
  if (!status) {
    return div(null, head({ title: t('view.shards') }), problem ? put(Failure, { problem }) : loading());
  }
  const shards = shardsOf(status);
  const nameOf = new Map(status.nodes.map((node) => [node.id, node.meta?.name ?? node.id]));
  return div(
    { class: 'view' },
    head({ title: t('view.shards') }, span({ class: 'note' }, t('shards.epoch', { epoch: status.shardMap?.epoch ?? '–' }))),
    problem ? put(Failure, { problem }) : null,
    shards.length === 0
      ? div({ class: 'state' }, t('trouble.unplaced'))
      : div(
          { class: 'card plain' },
          table(
            { class: 'simple' },
            thead(null, tr(null, ...['number', 'health', 'leader', 'replicas', 'sessions', 'queued', 'applied'].map((key) => th({ key, scope: 'col' }, t(`shards.${key}`))))),
            tbody(
              null,
              ...shards.map((one) => {
                const led = one.replicas.find((replica) => replica.store === one.leader)?.figures;
                return tr(
                  { key: one.shard },
                  td(null, one.shard),
                  td(null, state(one)),
                  td(null, one.leader ? a({ href: to('nodes', one.leader), class: 'mono' }, nameOf.get(one.leader) ?? one.leader) : '–'),
                  td(
                    null,
                    ...one.replicas.map((replica) =>
                      span({ key: replica.store, class: names('chip', !replica.figures && 'bad'), title: replica.store }, `${replica.figures ? '' : '▲ '}${nameOf.get(replica.store) ?? replica.store}`),
                    ),
                  ),
                  td({ class: 'number' }, number(led?.sessions)),
                  td({ class: 'number' }, number(led?.queued)),
                  td({ class: 'number' }, number(led?.appliedIndex)),
                );
              }),
            ),
          ),
        ),
  );
}

const state = (one) =>
  one.leader === null
    ? health(false, t('shards.leaderless'))
    : one.present < one.replicas.length
      ? health(false, t('shards.short', { present: one.present, of: one.replicas.length }))
      : health(true, t('shards.whole'));
