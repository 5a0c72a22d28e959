/** The REST API, as the document that describes it has it. */
import { useState } from '../../lib/hooks.js';
import { get } from '../api.js';
import { useAsked } from '../ask.js';
import { names, put, tags } from '../dom.js';
import { card, Failure, head, loading, search } from '../parts.js';
import { t } from '../text.js';

const { a, code, details, div, p, pre, span, strong, summary, table, tbody, td, th, thead, tr } = tags;
const DOCUMENT = '/openapi.json';
const MOST_LEVELS = 6;

export function Api() {
  const { value, problem, again } = useAsked((signal) => get(DOCUMENT, { signal }), []);
  const [wanted, setWanted] = useState('');
  const groups = value ? groupsOf(value, wanted.trim().toLowerCase()) : [];
  return div(
    { class: 'view' },
    head(
      { title: t('view.api') },
      search({ value: wanted, 'aria-label': t('api.search'), placeholder: t('api.search'), onInput: (event) => setWanted(event.target.value) }),
      a({ href: `/api/v1${DOCUMENT}`, download: 'openapi.json' }, t('api.document')),
    ),
    problem ? put(Failure, { problem, again }) : null,
    !value && !problem ? loading() : null,
    value && groups.length === 0 ? div({ class: 'state' }, t('none')) : null,
    ...groups.map(([group, operations]) =>
      tags.section({ key: group, class: 'card', 'data-api': group }, tags.h2(null, group), ...operations.map((one) => put(Operation, { key: one.method + one.path, one, schemas: value.components.schemas }))),
    ),
  );
}

/** The operations that have the words in their address or summary, by what they are about. */
function groupsOf(value, wanted) {
  const groups = new Map();
  for (const [path, operations] of Object.entries(value.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      if (`${method} ${path} ${operation.summary}`.toLowerCase().includes(wanted)) {
        const [group] = operation.tags;
        groups.set(group, [...(groups.get(group) ?? []), { ...operation, path, method: method.toUpperCase() }]);
      }
    }
  }
  return [...groups];
}

const roleOf = (one) => one.security.flatMap((way) => Object.values(way).flat())[0];

/** What is in it is made when it is opened: all together would be long. */
function Operation({ one, schemas }) {
  const [isOpen, setOpen] = useState(false);
  const role = roleOf(one);
  return details(
    { open: isOpen, onToggle: (event) => setOpen(event.target.open) },
    summary(null, code({ class: 'mono' }, strong(null, one.method), ' ', one.path), ' ', span({ class: 'chip' }, role ?? t('api.anybody')), ' ', one.summary),
    isOpen ? content(one, schemas) : null,
  );
}

function content(one, schemas) {
  return div(
    null,
    p(null, one.description),
    one.parameters?.length > 0 ? card(t('api.parameters'), div({ class: 'scroll' }, parameters(one.parameters))) : null,
    one.requestBody ? card(t('api.body'), bodies(one.requestBody.content, schemas)) : null,
    card(
      t('api.answers'),
      ...Object.entries(one.responses).map(([status, response]) =>
        div({ key: status }, span({ class: names('chip', status.startsWith('2') ? 'good' : 'bad') }, status), response.description, status.startsWith('2') ? bodies(response.content, schemas) : null),
      ),
    ),
  );
}

const parameters = (all) =>
  table(
    { class: 'simple' },
    thead(null, tr(null, ...['name', 'place', 'kind', 'meaning'].map((key) => th({ key, scope: 'col' }, t(`api.parameter.${key}`))))),
    tbody(
      null,
      ...all.map((one) =>
        tr({ key: one.name }, td({ class: 'mono' }, one.name, one.required ? ' *' : ''), td(null, one.in), td(null, kind(one.schema)), td(null, one.description ?? '')),
      ),
    ),
  );

const kind = (schema) => `${schema.type}${schema.default === undefined ? '' : ` = ${schema.default}`}`;

const bodies = (byType, schemas) =>
  div(null, ...Object.entries(byType ?? {}).map(([type, { schema }]) => div({ key: type }, span({ class: 'mono' }, type), pre({ class: 'content' }, written(schema, schemas, 0)))));

/** A schema as an outline: a line for each property, with what it says behind it. */
function written(schema, schemas, level) {
  const meant = resolved(schema, schemas);
  const types = [meant.type].flat().filter(Boolean);
  const orNull = types.includes('null') || meant.orNull ? ' | null' : '';
  if (level > MOST_LEVELS) {
    return '…';
  }
  if (meant.enum) {
    return meant.enum.join(' | ') + orNull;
  }
  if (types.includes('array')) {
    return `[ ${written(meant.items ?? {}, schemas, level)} ]${orNull}`;
  }
  const indent = '  '.repeat(level + 1);
  if (meant.properties) {
    const lines = Object.entries(meant.properties).map(([name, one]) => {
      const says = one.description ? `  — ${one.description}` : '';
      return `${indent}${name}: ${written(one, schemas, level + 1)}${says}`;
    });
    return `{\n${lines.join('\n')}\n${'  '.repeat(level)}}${orNull}`;
  }
  if (meant.additionalProperties) {
    return `{ *: ${written(meant.additionalProperties, schemas, level + 1)} }${orNull}`;
  }
  return (types.filter((type) => type !== 'null').join(' | ') || '*') + orNull;
}

function resolved(schema, schemas) {
  const one = schema.anyOf ? schema.anyOf.find((choice) => choice.$ref) : schema;
  const meant = one?.$ref ? schemas[one.$ref.slice(one.$ref.lastIndexOf('/') + 1)] : schema;
  return schema.anyOf ? { ...meant, orNull: true } : meant;
}
