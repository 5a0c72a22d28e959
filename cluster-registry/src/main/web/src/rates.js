/**
 * Rates of the cluster from what its nodes have counted since their starts. Without the document: tests run it by
 * itself.
 */

const COUNTS = ['in', 'out', 'dropped', 'denied'];

/** What one answer of /cluster says, as far as it is drawn; `at` in milliseconds. */
export function sampleOf(status) {
  const gateways = {};
  let connections = 0;
  let sessions = 0;
  let queued = 0;
  for (const node of status.nodes) {
    if (node.role === 'edge-gateway' && node.figures) {
      gateways[node.id] = { startedAt: node.startedAt, messages: node.figures.messages ?? null };
      connections += node.figures.connections ?? 0;
    }
    for (const shard of node.figures?.shards ?? []) {
      if (shard.role === 'leader') {
        sessions += shard.sessions ?? 0;
        queued += shard.queued ?? 0;
      }
    }
  }
  return { at: Date.parse(status.asOf), gateways, connections, sessions, queued };
}

/** Messages a second of one gateway between two samples; null: not known, as after a start of it. */
export function ratesOf(before, now, id) {
  const first = before?.gateways[id];
  const last = now?.gateways[id];
  const seconds = (now?.at - before?.at) / 1000;
  if (!first?.messages || !last?.messages || first.startedAt !== last.startedAt || !(seconds > 0)) {
    return null;
  }
  return Object.fromEntries(COUNTS.map((name) => [name, Math.max(0, (last.messages[name] - first.messages[name]) / seconds)]));
}

/** The same of all gateways that are known to both. */
export function ratesOfAll(before, now) {
  let sum = null;
  for (const id of Object.keys(now?.gateways ?? {})) {
    const one = ratesOf(before, now, id);
    if (one) {
      sum ??= Object.fromEntries(COUNTS.map((name) => [name, 0]));
      COUNTS.forEach((name) => {
        sum[name] += one[name];
      });
    }
  }
  return sum;
}

/** The shards of a status: who leads each, and whether all its replicas are there. */
export function shardsOf(status) {
  const byStore = new Map();
  for (const node of status.nodes) {
    if (node.role === 'session-store') {
      byStore.set(node.id, { node, shards: new Map((node.figures?.shards ?? []).map((one) => [one.shard, one])) });
    }
  }
  const map = status.shardMap;
  return Array.from({ length: map?.shardCount ?? 0 }, (_, shard) => {
    const replicas = map.replicas[shard].map((store) => {
      const known = byStore.get(store);
      return { store, figures: known?.node.health === 'passing' ? (known.shards.get(shard) ?? null) : null };
    });
    const leaders = replicas.filter((one) => one.figures?.role === 'leader');
    return {
      shard,
      replicas,
      leader: leaders.length > 0 ? leaders[0].store : null,
      present: replicas.filter((one) => one.figures).length,
    };
  });
}

/** What is wrong with the cluster, the worst first: each with a kind, and whom it is about. */
export function troublesOf(status) {
  const troubles = [];
  const shards = shardsOf(status);
  const leaderless = shards.filter((one) => one.leader === null);
  const short = shards.filter((one) => one.leader !== null && one.present < one.replicas.length);
  if (!status.shardMap) {
    troubles.push({ kind: 'unplaced', severe: true, values: {} });
  }
  if (leaderless.length > 0) {
    troubles.push({ kind: 'leaderless', severe: true, values: { count: leaderless.length } });
  }
  for (const node of status.nodes) {
    if (node.health !== 'passing') {
      troubles.push({ kind: 'ill', severe: true, values: { role: node.role, node: node.meta?.name ?? node.id } });
    } else if (node.figures === null) {
      troubles.push({ kind: 'silent', severe: false, values: { role: node.role, node: node.id } });
    } else if (node.figures.ready === false) {
      troubles.push({ kind: 'unready', severe: true, values: { role: node.role, node: node.id } });
    }
  }
  if (short.length > 0) {
    troubles.push({ kind: 'short', severe: false, values: { count: short.length } });
  }
  if (status.consul && !status.consul.reachable) {
    troubles.push({ kind: 'consul', severe: true, values: { address: status.consul.address } });
  }
  return troubles;
}
