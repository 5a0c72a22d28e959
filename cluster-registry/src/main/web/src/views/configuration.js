/** What holds for every option of every process, or of one, and who said so. */
import { useState } from '../../lib/hooks.js';
import { get, path } from '../api.js';
import { useAsked } from '../ask.js';
import { put, tags } from '../dom.js';
import { number } from '../format.js';
import { LogLevels } from '../loglevels.js';
import { choice, Failure, field, head, loading, Missing, search, titled } from '../parts.js';
import { to } from '../routes.js';
import { t } from '../text.js';

const { a, div, span, table, tbody, td, th, thead, tr } = tags;

/** Of processes that have the same said, so many are named. */
const MOST_NAMED = 8;

export function Configuration({ parts, me }) {
  return parts.length === 1 ? put(One, { key: parts[0], id: parts[0], me }) : put(All);
}

function All() {
  const { value, problem, again } = useAsked((signal) => get('/configuration', { signal }), []);
  return div(
    { class: 'view' },
    head({ title: t('view.configuration') }),
    problem ? put(Failure, { problem, again }) : null,
    put(Missing, { missing: value?.missing ?? [] }),
    !value && !problem ? loading() : null,
    value ? put(Options, { nodes: value.items, first: 'set' }) : null,
  );
}

function One({ id, me }) {
  const { value, problem, again } = useAsked((signal) => get(path`/nodes/${id}/configuration`, { signal }), [id]);
  return div(
    { class: 'view' },
    head({ title: t('configuration.of', { node: id }), back: to('configuration') }, a({ class: 'button', href: to('nodes', id) }, t('configuration.node'))),
    problem ? put(Failure, { problem, again }) : null,
    !value && !problem ? loading() : null,
    value ? put(Options, { nodes: [value], first: 'all', isOne: true }) : null,
    value ? put(LogLevels, { id, me }) : null,
  );
}

/** Options, those of several processes that have the same said in one row: so it is to be seen who differs. */
function rowsOf(nodes) {
  const rows = new Map();
  for (const { node, role, options } of nodes) {
    for (const option of options) {
      const key = JSON.stringify([option.option, option.value, option.source, option.where, option.standard]);
      const row = rows.get(key) ?? { ...option, key, nodes: [] };
      row.nodes.push({ node, role });
      rows.set(key, row);
    }
  }
  return [...rows.values()];
}

const nameOf = ({ node, role }) => `${t(`role.${role}`)} ${node}`;

function Options({ nodes, first, isOne }) {
  const [words, setWords] = useState('');
  const [which, setWhich] = useState(first);
  const wanted = words.toLowerCase().split(/\s+/);
  const rows = rowsOf(nodes).filter((one) => {
    const text = `--${one.option} ${one.value ?? ''} ${one.where ?? ''} ${isOne ? '' : one.nodes.map(nameOf).join(' ')}`.toLowerCase();
    return (which === 'all' || one.source !== 'default') && wanted.every((word) => text.includes(word));
  });
  const columns = ['option', 'value', 'source', ...(isOne ? [] : ['nodes'])];
  return div(
    { class: 'view' },
    div(
      { class: 'filters', role: 'search' },
      field(t('configuration.search'), search({ placeholder: t('search.slash'), onInput: (event) => setWords(event.target.value.trim()) })),
      field(t('configuration.show'), choice({ value: which, onChange: (event) => setWhich(event.target.value) }, ['all', t('configuration.all')], ['set', t('configuration.set')])),
      span({ class: 'note', role: 'status' }, t('list.all', { count: number(rows.length) })),
    ),
    rows.length === 0
      ? div({ class: 'state' }, t(words === '' ? 'configuration.none' : 'configuration.nomatch'))
      : div(
          { class: 'card plain' },
          table(
            { class: 'simple stacks' },
            thead(null, tr(null, ...columns.map((key) => th({ key, scope: 'col' }, t(`configuration.${key}`))))),
            tbody(null, ...rows.map((one) => tr({ key: one.key, 'data-option': one.option }, ...cells(one, isOne)))),
          ),
        ),
  );
}

function cells(one, isOne) {
  return [
    td({ class: 'mono name' }, `--${one.option}`),
    titled(t('configuration.value'), { class: 'mono long' }, one.value ?? span({ class: 'faint' }, one.standard ?? '–')),
    titled(t('configuration.source'), null, span({ class: one.source === 'default' ? 'faint' : 'chip good' }, t(`source.${one.source.replaceAll(' ', '-')}`)), one.where ? div({ class: 'faint mono long' }, one.where) : null, one.changeable ? div({ class: 'faint' }, t('configuration.changeable')) : null),
    isOne
      ? null
      : titled(
          t('configuration.nodes'),
          null,
          ...one.nodes.slice(0, MOST_NAMED).map(({ node, role }) => div({ key: role + node }, t(`role.${role}`), ' ', a({ href: to('configuration', node), class: 'mono' }, node))),
          one.nodes.length > MOST_NAMED ? t('nodes.further', { count: one.nodes.length - MOST_NAMED }) : null,
        ),
  ];
}
