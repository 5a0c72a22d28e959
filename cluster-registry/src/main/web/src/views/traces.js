/** Traces: what passes between clients and gateways, written down for a time. All of them, beginning one, and one as it comes. */
import { useEffect, useRef, useState } from '../../lib/hooks.js';
import { get, path, post, query, remove } from '../api.js';
import { useAsked } from '../ask.js';
import { names, put, tags } from '../dom.js';
import { duration, number } from '../format.js';
import { NamespaceField } from '../namespaces.js';
import { card, choice, confirmed, facts, Failure, field, head, loading, Missing, note, titled } from '../parts.js';
import { namespaceOf, placeOf, to } from '../routes.js';
import { Table } from '../table.js';
import { t } from '../text.js';
import { told, TraceLog } from '../tracelog.js';

const { a, button, div, form, input, p, span, table, tbody, td, th, thead, tr } = tags;
const RENEWAL_MILLIS = 3_000;
const READING_MILLIS = 1_000;
const PAGE_EVENTS = 1_000;
const TERMS_SECONDS = [60, 300, 900, 3_600];

/** By what the clients of a trace are found: the key of its text, and an example. */
const KINDS = { client: ['client.id', 'pump-*'], filter: ['retained.filter', 'plant/#'], address: ['client.address', '10.0.0.0/8'] };
const ARROWS = { in: '→', out: '←', end: '■' };

/** In the address are the id of a trace; or the namespace and the id of a client, where somebody comes from one. */
export function Traces({ parts, me }) {
  return parts.length === 1 ? put(One, { key: parts[0], id: parts[0], me }) : put(List, { key: parts.join('/'), namespace: parts.length === 2 ? namespaceOf(parts[0]) : null, client: parts[1] ?? '', me });
}

const kindOf = (trace) => Object.keys(KINDS).find((kind) => trace[kind] !== null);
const aboutOf = (trace) => trace[kindOf(trace)];
const leftOf = (trace) => Math.max(0, (Date.parse(trace.until) - Date.now()) / 1000);
const stateOf = (trace, isOver) => span({ class: names('chip', !isOver && 'good'), 'data-over': String(isOver) }, isOver ? t('traces.over') : t('traces.runs', { time: duration(leftOf(trace)) }));
const asked = (signal) => get('/traces', { signal });

const endText = (isOver) => t(isOver ? 'traces.forget' : 'traces.end');

/** Ends one, or has one that is over forgotten, if somebody means it; `before` is done first. Whether it is gone. */
async function ended({ id, what, isOver, before }) {
  if (!(await confirmed({ title: t(isOver ? 'traces.forget.title' : 'traces.end.title', { what }), detail: t('traces.end.detail'), act: endText(isOver) }))) {
    return false;
  }
  try {
    await before?.();
    await remove(path`/traces/${id}`);
    note(t('traces.ended', { what }));
    return true;
  } catch (failed) {
    note(failed.message, true);
    return false;
  }
}

function List({ namespace, client, me }) {
  const { value, problem, again } = useAsked(asked, [], RENEWAL_MILLIS);
  return div(
    { class: 'view' },
    head({ title: t('view.traces') }),
    put(Start, { namespace, client, me }),
    problem ? put(Failure, { problem, again }) : null,
    !value && !problem ? loading() : null,
    value ? put(Missing, { missing: value.missing }) : null,
    value && value.items.length === 0 ? div({ class: 'state', role: 'status', 'data-traces': '0' }, t('traces.none')) : null,
    value && value.items.length > 0 ? div({ class: 'card plain', 'data-traces': value.items.length }, listed([...value.items].reverse(), again)) : null,
  );
}

function listed(traces, again) {
  const end = async ({ id, over, ...trace }) => (await ended({ id, what: aboutOf(trace), isOver: over })) && again();
  return table(
    { class: 'simple stacks' },
    thead(null, tr(null, ...['about', 'by', 'state', 'events'].map((key) => th({ key, scope: 'col' }, t(`traces.${key}`))), th(null, span({ class: 'hidden' }, t('traces.end'))))),
    tbody(
      null,
      ...traces.map((one) =>
        tr(
          { key: one.id, 'data-trace': one.id },
          td({ class: 'long' }, a({ class: 'mono', href: to('traces', one.id) }, aboutOf(one)), one.namespace ? [' ', span({ class: 'chip' }, one.namespace)] : null),
          titled(t('traces.by'), null, t(KINDS[kindOf(one)][0])),
          titled(t('traces.state'), null, stateOf(one, one.over)),
          titled(t('traces.events'), null, number(one.events)),
          td(null, button({ type: 'button', class: 'quiet', onClick: () => end(one) }, endText(one.over))),
        ),
      ),
    ),
  );
}

/** Begins one, and leads there. */
function Start({ namespace: first, client, me }) {
  const [kind, setKind] = useState('client');
  const [namespace, setNamespace] = useState(first);
  const [problem, setProblem] = useState(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event) => {
    event.preventDefault();
    const fields = event.target.elements;
    setBusy(true);
    setProblem(null);
    try {
      const trace = await post('/traces', { [kind]: fields.about.value.trim(), namespace: me.namespace === null ? namespace : null, seconds: Number(fields.seconds.value) });
      trace.missing.forEach((one) => note(t('traces.without', { node: one.node, why: one.why }), true));
      location.hash = to('traces', trace.id);
    } catch (failed) {
      setProblem(failed);
    }
    setBusy(false);
  };
  return card(
    t('traces.begin'),
    form(
      { class: 'filters', onSubmit: submit },
      field(t('traces.by'), choice({ value: kind, onChange: (event) => setKind(event.target.value) }, ...Object.entries(KINDS).map(([one, [text]]) => [one, t(text)]))),
      field(t('traces.about'), input({ name: 'about', required: true, defaultValue: client, placeholder: KINDS[kind][1], autocomplete: 'off', spellcheck: false, 'data-search': '' })),
      me.namespace === null ? put(NamespaceField, { value: namespace, onChange: setNamespace }) : null,
      field(t('ban.term'), choice({ name: 'seconds' }, ...TERMS_SECONDS.map((seconds) => [String(seconds), duration(seconds)]))),
      button({ type: 'submit', class: 'main', disabled: isBusy }, t('traces.begin.act')),
    ),
    p({ class: 'note' }, t('traces.note')),
    problem ? div({ 'data-refused': problem.status }, put(Failure, { problem })) : null,
  );
}

/** Reads it from its beginning, and what comes, also while the page is hidden: somebody may be busy with the client. */
function useLog(id) {
  const [, turn] = useState(0);
  const held = useRef(null);
  useEffect(() => {
    const log = new TraceLog((cursor, signal) => get(path`/traces/${id}/events` + query({ cursor, limit: PAGE_EVENTS }), { signal }), () => turn((one) => one + 1));
    held.current = log;
    log.more();
    const timer = setInterval(() => log.isOver || log.more(), READING_MILLIS);
    return () => {
      clearInterval(timer);
      log.close();
    };
  }, []);
  return held.current;
}

function One({ id, me }) {
  const log = useLog(id);
  const { value } = useAsked(asked, []);
  const [opened, open] = useState(null);
  const trace = value?.items.find((one) => one.id === id);
  const what = trace ? aboutOf(trace) : id;
  const end = async () => {
    if (await ended({ id, what, isOver: log.isOver, before: () => log.more() })) {
      log.forget();
      log.changed();
    }
  };
  return div(
    { class: 'view tall' },
    head(
      { title: what, back: to('traces') },
      trace && log ? stateOf(trace, log.isOver) : null,
      log && log.items.length > 0 ? button({ type: 'button', onClick: () => save(`trace-${id}.ndjson`, log.lines()) }, t('traces.download')) : null,
      log?.begun && !log.isGone ? button({ type: 'button', class: 'danger', onClick: end }, endText(log.isOver)) : null,
    ),
    log?.isGone ? div({ class: 'notice warning', role: 'status', 'data-gone': '' }, t(log.items.length > 0 ? 'traces.gone.kept' : 'traces.gone')) : null,
    log?.leftOut > 0 ? div({ class: 'notice warning' }, t('traces.leftout', { count: number(log.leftOut) })) : null,
    log?.isGone && log.items.length === 0
      ? null
      : put(Table, {
          list: log,
          again: () => log.more(),
          columns: [
            { key: 'time', title: t('traces.time'), width: '7.5rem', narrow: '6rem', of: (one) => span({ class: 'mono' }, timeOf(one)) },
            { key: 'packet', title: t('traces.packet'), width: '9rem', narrow: '6rem', of: packet },
            { key: 'client', title: t('client.id'), width: 'minmax(6rem, 1fr)', wide: true, of: (one) => span({ class: 'mono' }, one.clientId) },
            { key: 'facts', title: t('explain.facts'), width: 'minmax(9rem, 3.5fr)', narrow: 'minmax(0, 1fr)', of: line },
          ],
          label: t('traces.events'),
          nameOf: (one) => `${timeOf(one)} ${t(`traces.way.${one.direction}`)}: ${one.packet} ${told(one.facts).about}`,
          onOpen: open,
          opened,
          follows: true,
          empty: t(log?.isOver ? 'traces.empty.over' : 'traces.empty'),
        }),
    opened ? put(Opened, { event: opened, close: () => open(null), me }) : null,
  );
}

/** In milliseconds, of the nanoseconds that are told. */
const timeOf = (event) => event.at.slice(11, 23);

const packet = (one) => [span({ key: 'way', class: `way ${one.direction}`, 'aria-hidden': 'true' }, ARROWS[one.direction]), one.packet];

function line({ facts: known }) {
  const { about, marks } = told(known);
  return [about ? span({ key: 'about', class: 'mono about' }, about) : null, ...marks.map((one) => span({ key: one.text, class: one.isBad ? 'chip bad' : 'faint mark' }, one.text))];
}

/** All that is known of one packet. */
function Opened({ event, close, me }) {
  const box = useRef(null);
  useEffect(() => box.current.scrollIntoView({ block: 'nearest' }), [event]);
  const gateway = me.namespace === null ? a({ href: to('nodes', event.node), class: 'mono' }, event.node) : event.node;
  return div(
    { ref: box, 'data-packet': event.packet },
    card(
      `${event.packet}, ${t(`traces.way.${event.direction}`)}`,
      facts(
        [t('traces.time'), `${event.at.slice(0, 10)} ${timeOf(event)} UTC`],
        [t('client'), a({ href: to('clients', ...placeOf(event)), class: 'mono' }, event.clientId)],
        event.namespace ? [t('namespace'), event.namespace] : null,
        [t('client.address'), event.address?.replace(/^\//, '')],
        [t('client.gateway'), gateway],
        ...Object.entries(event.facts).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : String(value)]),
      ),
      div({ class: 'actions' }, button({ type: 'button', class: 'quiet', onClick: close }, t('traces.close'))),
    ),
  );
}

function save(name, lines) {
  const href = URL.createObjectURL(new Blob(lines, { type: 'application/x-ndjson' }));
  Object.assign(document.createElement('a'), { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), READING_MILLIS);
}
