/** Small things that views are made of. */
import { useEffect, useRef, useState } from '../lib/hooks.js';
import { names, put, tags } from './dom.js';
import { t } from './text.js';

const { div, span, button, h1, h2, p, ul, li, dl, dt, dd, dialog, form, input, label, strong } = tags;

/** The head of a view: its name, and what can be done there. */
export const head = ({ title, back }, ...tools) =>
  div(
    { class: 'view-head' },
    back ? tags.a({ class: 'back', href: back, 'aria-label': t('back') }, '‹') : null,
    put(Title, { text: title }),
    div({ class: 'tools' }, ...tools),
  );

function Title({ text }) {
  useEffect(() => {
    document.title = `${text} · V-MQTT`;
  }, [text]);
  return h1({ id: 'title', tabIndex: -1 }, text);
}

/** Problem details, as they were told. */
export function Failure({ problem, again }) {
  const unreachable = problem.status === 0;
  return div(
    { class: 'state failure', role: 'alert' },
    strong(null, unreachable ? t('problem.unreachable') : problem.status ? `${problem.status} ${problem.title}` : t('problem.page')),
    p(null, unreachable ? t('problem.unreachable.detail') : problem.message),
    again ? button({ type: 'button', onClick: again }, t('problem.again')) : null,
  );
}

/** Who did not answer: what is shown is without his part. */
export function Missing({ missing }) {
  return missing.length === 0
    ? null
    : div(
        { class: 'notice warning', role: 'alert' },
        strong(null, t('missing.title')),
        ul(null, ...missing.map((one) => li({ key: one.node }, span({ class: 'mono' }, one.node), ': ', one.why))),
      );
}

/** Health by colour, shape and word. */
export const health = (isGood, text) => span({ class: names('health', isGood ? 'good' : 'bad') }, span({ class: 'dot', 'aria-hidden': 'true' }, isGood ? '●' : '▲'), text);

/** A cell that says what it is where a table has no room for columns: there its rows are blocks. */
export const titled = (title, props, ...content) => tags.td({ ...props, 'data-title': title }, ...content);

/** Names and values. */
export const facts = (...pairs) =>
  dl({ class: 'facts' }, ...pairs.filter(Boolean).map(([name, value]) => div({ key: name }, dt(null, name), dd(null, value === null || value === '' || value === undefined ? '–' : value))));

export const card = (title, ...content) => tags.section({ class: 'card' }, title ? h2(null, title) : null, ...content);

/** A field with its name. */
export const field = (text, control, note) => label({ class: 'field' }, span({ class: 'label' }, text), control, note ? span({ class: 'note' }, note) : null);

/** The box that `/` leads to. */
export const search = (props) => input({ type: 'search', class: 'search', autocomplete: 'off', spellcheck: false, 'data-search': '', ...props });

export const choice = (props, ...options) => tags.select(props, ...options.map(([value, text]) => tags.option({ key: value, value }, text)));

export const loading = (text = t('list.loading')) => div({ class: 'state', role: 'status' }, span({ class: 'spinner' }), text);

let tellNotes = () => {};
let asks = () => {};

/** Says something for a moment, at the edge of the window. */
export const note = (text, isBad = false) => tellNotes({ text, isBad });

/** Asks whether something is to be done; a promise of the answer. */
export const confirmed = (question) => new Promise((answer) => asks({ ...question, answer }));

/** Where notes and questions appear. */
export function Notes() {
  const [notes, setNotes] = useState([]);
  useEffect(() => {
    let latest = 0;
    tellNotes = (one) => {
      const id = ++latest;
      setNotes((before) => [...before.slice(-3), { ...one, id }]);
      setTimeout(() => setNotes((before) => before.filter((other) => other.id !== id)), one.isBad ? 12_000 : 5_000);
    };
  }, []);
  return div({ class: 'notes', role: 'status', 'aria-live': 'polite' }, ...notes.map((one) => div({ key: one.id, class: names('note-box', one.isBad && 'bad') }, one.text)));
}

export function Question() {
  const [question, set] = useState(null);
  const box = useRef(null);
  useEffect(() => {
    asks = set;
  }, []);
  useEffect(() => {
    if (question) {
      box.current.showModal();
    }
  }, [question]);
  if (!question) {
    return null;
  }
  const close = (answer) => {
    question.answer(answer);
    set(null);
  };
  return dialog(
    { ref: box, class: 'question', 'aria-labelledby': 'question', onCancel: () => close(false) },
    form(
      {
        onSubmit: (event) => {
          event.preventDefault();
          close(true);
        },
      },
      h2({ id: 'question' }, question.title),
      p(null, question.detail),
      div(
        { class: 'actions' },
        button({ type: 'button', onClick: () => close(false) }, t('cancel')),
        button({ type: 'submit', class: 'danger' }, question.act),
      ),
    ),
  );
}
