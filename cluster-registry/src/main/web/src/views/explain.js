/** Whether a message would reach a client, and why, step by step. Nothing is published. */
import { useState } from '../../lib/hooks.js';
import { get, query } from '../api.js';
import { names, put, tags } from '../dom.js';
import { NamespaceField } from '../namespaces.js';
import { card, choice, Failure, field, head } from '../parts.js';
import { namespaceOf, to } from '../routes.js';
import { t } from '../text.js';

const { a, button, details, div, form, input, li, ol, p, pre, span, strong, summary } = tags;
const SHADES = { delivered: 'good', queued: 'warning', 'in-turn': 'warning', unknown: 'warning', refused: 'bad', not: 'bad' };
const MARKS = { ok: '●', note: '■', stop: '▲' };

/** In the address are the namespace and the client id of who should get it, where somebody comes from a client. */
export const Explain = ({ parts, me }) => put(Question, { key: parts.join('/'), namespace: namespaceOf(parts[0] ?? '-'), id: parts[1] ?? '', me });

function Question({ namespace: first, id, me }) {
  const [namespace, setNamespace] = useState(first);
  const [answer, setAnswer] = useState(null);
  const [problem, setProblem] = useState(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event) => {
    event.preventDefault();
    const fields = event.target.elements;
    setBusy(true);
    setProblem(null);
    setAnswer(null);
    try {
      setAnswer(
        await get(
          `/explain${query({
            topic: fields.topic.value,
            to: fields.to.value,
            from: fields.from.value || null,
            qos: fields.qos.value,
            retain: fields.retain.checked || null,
            namespace: me.namespace === null ? namespace : null,
          })}`,
        ),
      );
    } catch (failed) {
      setProblem(failed);
    }
    setBusy(false);
  };
  return div(
    { class: 'view' },
    head({ title: t('view.explain') }),
    card(
      null,
      form(
        { class: 'stack', onSubmit: submit },
        p({ class: 'note' }, t('explain.note')),
        field(t('message.topic'), input({ name: 'topic', required: true, autocomplete: 'off', spellcheck: false, 'data-search': '' })),
        div(
          { class: 'halves' },
          field(t('explain.to'), input({ name: 'to', required: true, defaultValue: id, autocomplete: 'off', spellcheck: false })),
          field(t('explain.from'), input({ name: 'from', autocomplete: 'off', spellcheck: false }), t('explain.from.note')),
        ),
        div(
          { class: 'filters' },
          field('QoS', choice({ name: 'qos' }, ['1', '1'], ['0', '0'], ['2', '2'])),
          me.namespace === null ? put(NamespaceField, { value: namespace, isOne: true, onChange: setNamespace }) : null,
          field(t('message.retain'), input({ name: 'retain', type: 'checkbox' })),
        ),
        div({ class: 'actions' }, button({ type: 'submit', class: 'main', disabled: isBusy }, t('explain.act'))),
      ),
    ),
    problem ? put(Failure, { problem }) : null,
    answer ? put(Answer, { answer, me }) : null,
  );
}

function Answer({ answer, me }) {
  return [
    div(
      { key: 'verdict', class: names('notice', SHADES[answer.verdict]), role: 'status', 'data-verdict': answer.verdict },
      strong(null, t(`verdict.${answer.verdict}`)),
      p(null, span({ class: 'mono' }, answer.topic), ' → ', span({ class: 'mono' }, answer.to), ': ', answer.text),
    ),
    put(Steps, { key: 'steps', steps: answer.steps, me }),
  ];
}

const Steps = ({ steps, me }) => card(t('explain.steps'), ol({ class: 'steps' }, ...steps.map((one, index) => li({ key: index, class: `is-${one.outcome}`, 'data-step': one.step, 'data-outcome': one.outcome }, ...step(one, me)))));

/** Who sees one namespace alone sees no nodes, so there is nowhere to lead him. */
function step(one, me) {
  return [
    span({ class: 'mark', 'aria-hidden': 'true' }, MARKS[one.outcome]),
    div(
      null,
      strong(null, t(`step.${one.step}`)),
      ' ',
      span({ class: 'chip' }, t(`step.outcome.${one.outcome}`)),
      one.node ? (me.namespace === null ? a({ href: to('nodes', one.node), class: 'mono' }, one.node) : span({ class: 'mono faint' }, one.node)) : null,
      div(null, one.text),
      Object.keys(one.facts).length === 0 ? null : details(null, summary(null, t('explain.facts')), pre({ tabIndex: 0 }, JSON.stringify(one.facts, null, 2))),
    ),
  ];
}
