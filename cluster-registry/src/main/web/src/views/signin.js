/** Who comes in: a name and a password, for which the API gives a token. */
import { useState } from '../../lib/hooks.js';
import { signIn } from '../api.js';
import { tags } from '../dom.js';
import { field } from '../parts.js';
import { t } from '../text.js';

const { button, div, form, h1, input, p } = tags;

export function SignIn({ whenIn, tastes }) {
  const [problem, setProblem] = useState(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event) => {
    event.preventDefault();
    const fields = event.target.elements;
    setBusy(true);
    setProblem(null);
    try {
      await signIn(fields.username.value, fields.password.value);
      whenIn();
    } catch (failed) {
      setProblem(failed);
      setBusy(false);
    }
  };
  return div(
    { class: 'signin' },
    form(
      { class: 'card', onSubmit: submit },
      h1(null, 'V-MQTT'),
      field(t('signin.name'), input({ name: 'username', autocomplete: 'username', autofocus: true, required: true, autocapitalize: 'none', spellcheck: false })),
      field(t('signin.password'), input({ name: 'password', type: 'password', autocomplete: 'current-password', required: true })),
      problem ? p({ class: 'failure', role: 'alert' }, problem.status === 0 ? t('problem.unreachable') : problem.message) : null,
      button({ type: 'submit', class: 'main', disabled: isBusy }, t('signin.act')),
      p({ class: 'note' }, t('signin.note')),
    ),
    tastes,
  );
}
