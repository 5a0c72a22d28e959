/** The processes of the cluster: a picture of who talks to whom, and a table. */
import { names, put, tags } from '../dom.js';
import { number, rate, since } from '../format.js';
import { Listeners } from '../listeners.js';
import { useCluster } from '../live.js';
import { card, Failure, facts, head, health, loading } from '../parts.js';
import { ratesOf, shardsOf } from '../rates.js';
import { to } from '../routes.js';
import { t } from '../text.js';

const { a, div, pre, table, tbody, td, th, thead, tr, svg, g, rect, text, line, title } = tags;
const ROLES = ['edge-gateway', 'routing-service', 'session-store', 'cluster-registry'];
const BOX = { width: 190, height: 52, gap: 14, column: 290, top: 34 };

/** More of one role are only in the table. */
const MOST_DRAWN = 16;

export function Nodes({ parts }) {
  const { status, samples, problem } = useCluster();
  if (!status) {
    return div(null, head({ title: t('view.nodes') }), problem ? put(Failure, { problem }) : loading());
  }
  if (parts.length > 0) {
    return one(status, parts[0]);
  }
  const lines = linesOf(status, samples);
  return div(
    { class: 'view' },
    head({ title: t('view.nodes') }),
    problem ? put(Failure, { problem }) : null,
    card(null, div({ class: 'picture' }, picture(status, lines))),
    div(
      { class: 'card plain' },
      table(
        { class: 'simple' },
        thead(null, tr(null, ...['role', 'node', 'health', 'address', 'version', 'up', 'now'].map((key) => th({ key, scope: 'col' }, t(`nodes.${key}`))))),
        tbody(
          null,
          ...status.nodes.map((node) =>
            tr(
              { key: node.role + node.id, 'data-node': node.id, 'data-health': node.health },
              td(null, t(`role.${node.role}`)),
              td(null, a({ href: to('nodes', node.id), class: 'mono' }, nameOf(node))),
              td(null, healthOf(node)),
              td({ class: 'mono' }, `${node.host}:${node.ports.http}`),
              td(null, node.version),
              td(null, since(node.startedAt)),
              td(null, lines.get(node.id)),
            ),
          ),
        ),
      ),
    ),
  );
}

const nameOf = (node) => node.meta?.name ?? node.id;
const isWell = (node) => node.health === 'passing' && node.figures?.ready !== false;
const healthOf = (node) => health(isWell(node), node.health !== 'passing' ? t('health.critical') : isWell(node) ? t('health.passing') : t('health.unready'));

/** What each node does now, in a few words. */
function linesOf(status, samples) {
  const shards = shardsOf(status);
  return new Map(
    status.nodes.map((node) => {
      const rates = node.role === 'edge-gateway' ? ratesOf(samples.at(-2), samples.at(-1), node.id) : null;
      const said = {
        'edge-gateway': () => t('nodes.gateway', { connections: number(node.figures?.connections), in: rate(rates?.in), out: rate(rates?.out) }),
        'routing-service': () => '',
        'session-store': () => t('nodes.store', { led: shards.filter((one) => one.leader === node.id).length, count: node.figures?.shards?.length ?? '–' }),
        'cluster-registry': () => (status.leader === node.id ? t('nodes.leads') : ''),
      }[node.role];
      return [node.id, said ? said() : ''];
    }),
  );
}

function picture(status, lines) {
  const columns = ROLES.map((role) => status.nodes.filter((node) => node.role === role));
  const drawn = columns.map((column) => column.slice(0, MOST_DRAWN));
  const most = Math.max(1, ...drawn.map((column) => column.length));
  const height = BOX.top + most * (BOX.height + BOX.gap) + (columns.some((column) => column.length > MOST_DRAWN) ? 20 : 0);
  const width = BOX.column * (ROLES.length - 1) + BOX.width + 4;
  const place = (column, row) => ({
    x: 2 + column * BOX.column,
    y: BOX.top + row * (BOX.height + BOX.gap) + ((most - drawn[column].length) * (BOX.height + BOX.gap)) / 2,
  });
  const links = [];
  for (const column of [0, 1]) {
    drawn[column].forEach((from, i) =>
      drawn[column + 1].forEach((node, j) => {
        const start = place(column, i);
        const end = place(column + 1, j);
        links.push(
          line({
            key: `${from.id} ${node.id}`,
            class: names('link', (from.health !== 'passing' || node.health !== 'passing') && 'broken'),
            x1: start.x + BOX.width,
            y1: start.y + BOX.height / 2,
            x2: end.x,
            y2: end.y + BOX.height / 2,
          }),
        );
      }),
    );
  }
  return svg(
    { viewBox: `0 0 ${width} ${height}`, style: { maxWidth: `${width}px` }, role: 'group', 'aria-label': t('nodes.picture') },
    ...links,
    ...ROLES.map((role, column) =>
      g(
        { key: role },
        text({ class: 'role', x: place(column, 0).x, y: 16 }, `${t(`role.${role}`)} (${columns[column].length})`),
        ...drawn[column].map((node, row) => {
          const at = place(column, row);
          return a(
            { key: node.id, href: to('nodes', node.id), class: names('node', isWell(node) ? 'good' : 'bad'), 'data-picture': node.id },
            title(null, `${node.id}: ${t(`health.${node.health}`)}`),
            rect({ x: at.x, y: at.y, width: BOX.width, height: BOX.height, rx: 7 }),
            text({ class: 'mark', x: at.x + 14, y: at.y + 22 }, isWell(node) ? '●' : '▲'),
            text({ class: 'name', x: at.x + 30, y: at.y + 22 }, short(nameOf(node), 20)),
            text({ class: 'now', x: at.x + 14, y: at.y + 41 }, node.health === 'passing' ? short(lines.get(node.id), 32) : t('health.critical')),
          );
        }),
        columns[column].length > MOST_DRAWN ? text({ class: 'now', x: place(column, 0).x, y: height - 4 }, t('nodes.further', { count: columns[column].length - MOST_DRAWN })) : null,
      ),
    ),
  );
}

const short = (value, most) => (value.length > most ? `${value.slice(0, most - 1)}…` : value);

function one(status, id) {
  const node = status.nodes.find((each) => each.id === id);
  if (!node) {
    return div({ class: 'view' }, head({ title: id, back: to('nodes') }), div({ class: 'state' }, t('nodes.gone')));
  }
  return div(
    { class: 'view' },
    head({ title: nameOf(node), back: to('nodes') }, healthOf(node), a({ class: 'button', href: to('configuration', node.id) }, t('view.configuration'))),
    card(
      null,
      facts(
        [t('nodes.role'), t(`role.${node.role}`)],
        [t('nodes.node'), node.id],
        [t('nodes.address'), node.host],
        [t('nodes.ports'), Object.entries(node.ports).map(([name, port]) => `${name} ${port}`).join(', ')],
        [t('nodes.version'), node.version],
        [t('nodes.up'), since(node.startedAt)],
      ),
    ),
    node.role === 'edge-gateway' && node.health === 'passing' ? put(Listeners, { key: node.id, id: node.id }) : null,
    card(t('nodes.figures'), pre({ tabIndex: 0 }, node.figures === null ? t('nodes.silent') : JSON.stringify(node.figures, null, 2))),
  );
}
