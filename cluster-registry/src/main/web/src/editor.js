/** Says something else for the whole cluster, as a whole. */
import { useEffect, useRef, useState } from '../lib/hooks.js';
import { replace } from './api.js';
import { put, tags } from './dom.js';
import { card, confirmed, Failure, field, note } from './parts.js';
import { t } from './text.js';
import { yaml } from './yaml.js';

const { button, details, div, p, pre, strong, summary, textarea } = tags;

/**
 * @param begun the version that was seen, and its text
 * @param now what is in force by now; null while that is not known
 * @param renew has `now` be looked at again
 * @param done called when there is nothing to write any more
 */
export function Editor({ name, begun, now, renew, done }) {
  const [text, setText] = useState(begun.text);
  const [seen, setSeen] = useState(begun.version);
  const [problem, setProblem] = useState(null);
  const [isBusy, setBusy] = useState(false);
  const box = useRef(null);
  useEffect(() => box.current.focus(), []);
  const isOvertaken = now !== null && now.version !== seen;
  const save = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const after = await replace(`/${name}`, text, { follows: seen });
      note(t('setting.saved', { version: after.version }));
      done();
    } catch (failed) {
      setProblem(failed);
      setBusy(false);
      renew(); // it may have been because somebody was faster
    }
  };
  const read = () => {
    setSeen(now.version);
    setProblem(null);
  };
  const leave = async () => {
    if (text === begun.text || (await confirmed({ title: t('setting.leave.title'), detail: t('setting.leave.detail'), act: t('setting.leave') }))) {
      done();
    }
  };
  return card(
    null,
    div(
      { class: 'stack' },
      field(
        t(`setting.text.${name}`),
        textarea({ ref: box, class: 'editor', rows: 18, spellcheck: false, value: text, placeholder: t(`setting.example.${name}`), 'data-search': '', onInput: (event) => setText(event.target.value) }),
        t('setting.note', { version: seen }),
      ),
      problem ? put(Refusal, { problem }) : null,
      isOvertaken ? put(Overtaken, { now, read }) : null,
      div(
        { class: 'actions' },
        button({ type: 'button', class: 'main', disabled: isBusy || isOvertaken, onClick: save }, t('setting.save')),
        button({ type: 'button', onClick: leave }, t('cancel')),
      ),
    ),
  );
}

/** Somebody else was faster: nobody takes back what he has not read, so that is shown, and has to be said. */
function Overtaken({ now, read }) {
  return div(
    { class: 'notice warning', role: 'alert', 'data-overtaken': now.version },
    p(null, t('setting.overtaken', { version: now.version, by: now.by ?? '–' })),
    details({ open: true }, summary(null, t('setting.overtaken.show')), pre({ tabIndex: 0 }, yaml(now.content))),
    button({ type: 'button', onClick: read }, t('setting.overtaken.read')),
  );
}

/** Why it was not taken. Two answers mean more than their words say to whoever does not know the API. */
function Refusal({ problem }) {
  const hint = { 409: () => t('setting.refused.file'), 412: () => t('setting.refused.overtaken') }[problem.status];
  return problem.status === 0
    ? put(Failure, { problem })
    : div({ class: 'notice bad', role: 'alert', 'data-refused': problem.status }, strong(null, `${problem.status} ${problem.title}`), p(null, problem.message), hint ? p(null, hint()) : null);
}
