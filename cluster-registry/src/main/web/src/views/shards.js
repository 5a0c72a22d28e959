/** Who leads which shard, how its replicas are doing, and having another of them lead. */
import { path, replace } from '../api.js';
import { names, put, tags } from '../dom.js';
import { number } from '../format.js';
import { useCluster } from '../live.js';
import { confirmed, Failure, head, health, loading, note } from '../parts.js';
import { shardsOf } from '../rates.js';
import { to } from '../routes.js';
import { t } from '../text.js';

const { a, button, div, span, table, tbody, td, th, thead, tr } = tags;

/** Has a store lead a shard, if somebody means it: it does so a moment later, as the next status shows. */
async function lead(shard, store, name) {
  if (!(await confirmed({ title: t('shards.lead.title', { store: name, shard }), detail: t('shards.lead.detail'), act: t('shards.lead') }))) {
    return;
  }
  try {
    await replace(path`/shards/${shard}/leader`, { store });
    note(t('shards.lead.done', { store: name, shard }));
  } catch (failed) {
    note(failed.message, true);
  }
}

export function Shards({ me }) {
  const { status, problem } = useCluster();
  if (!status) {
    return div(null, head({ title: t('view.shards') }), problem ? put(Failure, { problem }) : loading());
  }
  const shards = shardsOf(status);
  const nameOf = new Map(status.nodes.map((node) => [node.id, node.meta?.name ?? node.id]));
  const named = (store) => nameOf.get(store) ?? store;
  const mayLead = (one, replica) => me.role !== 'viewer' && one.leader !== null && replica.store !== one.leader && replica.figures !== null;
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
                  { key: one.shard, 'data-shard': one.shard },
                  td(null, one.shard),
                  td(null, state(one)),
                  td(null, one.leader ? a({ href: to('nodes', one.leader), class: 'mono' }, named(one.leader)) : '–'),
                  td(
                    null,
                    ...one.replicas.map((replica) =>
                      span(
                        { key: replica.store },
                        span({ class: names('chip', !replica.figures && 'bad'), title: replica.store }, `${replica.figures ? '' : '▲ '}${named(replica.store)}`),
                        mayLead(one, replica)
                          ? button(
                              { type: 'button', class: 'quiet', 'data-lead': replica.store, 'aria-label': t('shards.lead.of', { store: named(replica.store), shard: one.shard }), onClick: () => lead(one.shard, replica.store, named(replica.store)) },
                              t('shards.lead'),
                            )
                          : null,
                      ),
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
