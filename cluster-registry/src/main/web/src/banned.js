/** One ban: whom it is about, in words and in addresses, and saying one. */
import { useState } from '../lib/hooks.js';
import { post } from './api.js';
import { put, tags } from './dom.js';
import { duration } from './format.js';
import { NamespaceField } from './namespaces.js';
import { card, choice, Failure, field, note } from './parts.js';
import { to } from './routes.js';
import { t } from './text.js';

const { button, div, form, input } = tags;
const KINDS = ['client-id', 'user', 'address'];
const TERMS_SECONDS = [3_600, 86_400, 7 * 86_400, 30 * 86_400];
const EVERYWHERE = '*';

/** By what of a client it is: as the file of bans has it. */
export const kindOf = (ban) => KINDS.find((kind) => kind in ban);

/** Bans are said, and pardons, one by one by operators, too, unless a file says them. */
export const mayBan = (me, latest) => me.role !== 'viewer' && latest?.readOnly === null;

/** The address of a ban, whether it is there or not. */
export const toBan = (kind, who, namespace) => to('bans', kind, who, namespace === null ? EVERYWHERE : namespace || '-');

/** Of an address; null: everywhere. */
export const whereOf = (part) => (part === EVERYWHERE ? null : part === '-' ? '' : part);

export const whereText = (namespace) => (namespace === null || namespace === undefined ? t('ban.everywhere') : namespace || t('namespace.nameless'));

/** Says one. By whom and since when it is, the API knows. `done` is called when it is in force. */
export function BanForm({ kind: firstKind = 'client-id', who = '', namespace: first = null, done }) {
  const [kind, setKind] = useState(firstKind);
  const [namespace, setNamespace] = useState(first);
  const [problem, setProblem] = useState(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event) => {
    event.preventDefault();
    const filled = event.target;
    const fields = filled.elements;
    const whom = fields.who.value.trim();
    const ban = { [kind]: whom, reason: fields.reason.value.trim() };
    if (namespace !== null) {
      ban.namespace = namespace;
    }
    if (fields.term.value !== '') {
      ban.until = `${new Date(Date.now() + Number(fields.term.value) * 1000).toISOString().slice(0, 19)}Z`;
    }
    setBusy(true);
    setProblem(null);
    try {
      await post('/bans', ban);
      note(t('ban.done', { who: whom }));
      filled.reset();
      done();
    } catch (failed) {
      setProblem(failed);
    }
    setBusy(false);
  };
  return card(
    t('ban.add'),
    form(
      { class: 'filters', onSubmit: submit },
      field(t('ban.kind'), choice({ value: kind, onChange: (event) => setKind(event.target.value) }, ...KINDS.map((one) => [one, t(`ban.kind.${one}`)]))),
      field(t('ban.who'), input({ name: 'who', required: true, defaultValue: who, autocomplete: 'off', spellcheck: false })),
      put(NamespaceField, { value: namespace, onChange: setNamespace }),
      field(t('ban.reason'), input({ name: 'reason', autocomplete: 'off' })),
      field(t('ban.term'), choice({ name: 'term' }, ['', t('forever')], ...TERMS_SECONDS.map((seconds) => [String(seconds), duration(seconds)]))),
      button({ type: 'submit', class: 'danger', disabled: isBusy }, t('ban.act')),
    ),
    problem ? div({ 'data-refused': problem.status }, put(Failure, { problem })) : null,
  );
}
