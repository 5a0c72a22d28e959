/** Publishes by way of the API: past the rules of clients, and with an outcome. */
import { useState } from '../../lib/hooks.js';
import { post } from '../api.js';
import { put, tags } from '../dom.js';
import { NamespaceField } from '../namespaces.js';
import { card, choice, facts, Failure, field, head, health } from '../parts.js';
import { t } from '../text.js';

/** Where nobody gets the message, or nobody knows. */
const FAILED = new Set(['refused', 'unanswered', 'unknown', 'offline', 'no-subscription']);

const { button, div, form, input, textarea } = tags;

export function Publish({ me }) {
  const [namespace, setNamespace] = useState('');
  const [outcome, setOutcome] = useState(null);
  const [problem, setProblem] = useState(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event) => {
    event.preventDefault();
    const fields = event.target.elements;
    const message = { topic: fields.topic.value, payload: fields.payload.value, qos: Number(fields.qos.value), retain: fields.retain.checked };
    if (fields.expiry.value !== '') {
      message.expirySeconds = Number(fields.expiry.value);
    }
    if (fields.content.value !== '') {
      message.contentType = fields.content.value;
    }
    const clients = fields.clients.value.split('\n').filter((id) => id !== '');
    if (clients.length > 0) {
      message.clients = clients;
    }
    setBusy(true);
    setProblem(null);
    setOutcome(null);
    try {
      const answer = await post('/messages', { namespace: me.namespace === null ? namespace : undefined, messages: [message] });
      setOutcome(answer.results[0]);
    } catch (failed) {
      setProblem(failed);
    }
    setBusy(false);
  };
  return div(
    { class: 'view' },
    head({ title: t('view.publish') }),
    card(
      null,
      form(
        { class: 'stack', onSubmit: submit },
        field(t('message.topic'), input({ name: 'topic', required: true, autocomplete: 'off', spellcheck: false, 'data-search': '' })),
        field(t('message.payload'), textarea({ name: 'payload', rows: 6, spellcheck: false })),
        div(
          { class: 'filters' },
          field('QoS', choice({ name: 'qos' }, ['1', '1'], ['0', '0'], ['2', '2'])),
          field(t('message.expiry'), input({ name: 'expiry', type: 'number', min: 1, max: 4294967295 })),
          field(t('message.content'), input({ name: 'content', autocomplete: 'off' })),
          me.namespace === null ? put(NamespaceField, { value: namespace, isOne: true, onChange: setNamespace }) : null,
          field(t('message.retain'), input({ name: 'retain', type: 'checkbox' })),
        ),
        field(t('publish.clients'), textarea({ name: 'clients', rows: 2, spellcheck: false })),
        div({ class: 'actions' }, button({ type: 'submit', class: 'main', disabled: isBusy }, t('publish.act'))),
      ),
      problem ? put(Failure, { problem }) : null,
      outcome?.clients?.length > 0
        ? div(
            { role: 'status' },
            facts(...outcome.clients.map((one) => [one.clientId, health(!FAILED.has(one.outcome), one.reason === 0 ? t(`outcome.${one.outcome}`) : `${t(`outcome.${one.outcome}`)}: ${one.meaning}`)])),
          )
        : outcome
          ? div({ role: 'status' }, facts([t('publish.outcome'), health(outcome.outcome !== 'refused', t(`outcome.${outcome.outcome}`))], [t('publish.reason'), `0x${outcome.reason.toString(16).padStart(2, '0').toUpperCase()} ${outcome.meaning}`]))
          : null,
    ),
  );
}
