/** What a process logs, and having it log something else until it ends. */
import { useState } from '../lib/hooks.js';
import { get, path, replace } from './api.js';
import { useAsked } from './ask.js';
import { put, tags } from './dom.js';
import { card, choice, Failure, field, loading, note } from './parts.js';
import { t } from './text.js';

const { button, datalist, div, form, input, option, p, span, table, tbody, td, th, thead, tr } = tags;
const LEVELS = ['OFF', 'ERROR', 'WARN', 'INFO', 'DEBUG', 'TRACE'];

export function LogLevels({ id, me }) {
  const { value, problem, again } = useAsked((signal) => get(path`/nodes/${id}/log-levels`, { signal }), [id]);
  const [isBusy, setBusy] = useState(false);
  const mayChange = me.role === 'admin';
  const change = async (logger, level) => {
    setBusy(true);
    try {
      await replace(path`/nodes/${id}/log-levels`, { levels: { [logger]: level } });
      note(t('levels.changed', { logger }));
    } catch (failed) {
      note(failed.message, true);
    }
    setBusy(false);
    again();
  };
  const submit = (event) => {
    event.preventDefault();
    const fields = event.target.elements;
    change(fields.logger.value.trim(), fields.level.value);
  };
  return card(
    t('levels'),
    problem ? put(Failure, { problem, again }) : null,
    !value && !problem ? loading() : null,
    mayChange && value
      ? form(
          { class: 'filters', onSubmit: submit },
          field(t('levels.logger'), input({ name: 'logger', class: 'wide-input', required: true, list: 'loggers', autocomplete: 'off', spellcheck: false, placeholder: 'io.vmqtt.gateway' })),
          datalist({ id: 'loggers' }, ...value.loggers.map((one) => option({ key: one.logger, value: one.logger }))),
          field(t('levels.level'), choice({ name: 'level' }, ...['DEBUG', ...LEVELS.filter((level) => level !== 'DEBUG')].map((level) => [level, level]))),
          button({ type: 'submit', disabled: isBusy }, t('levels.set')),
        )
      : null,
    value ? p({ class: 'note' }, t('levels.note')) : null,
    value
      ? div(
          { class: 'scroll' },
          table(
            { class: 'simple' },
            thead(null, tr(null, ...['logger', 'level', 'atstart'].map((key) => th({ key, scope: 'col' }, t(`levels.${key}`))), mayChange ? th(null, span({ class: 'hidden' }, t('levels.undo'))) : null)),
            tbody(
              null,
              ...value.loggers.map((one) =>
                tr(
                  { key: one.logger, 'data-logger': one.logger },
                  td({ class: 'mono' }, one.logger),
                  td(null, one.effective, ' ', one.changed ? span({ class: 'chip good' }, t('levels.ischanged')) : null),
                  td(null, one.atStart ?? '–'),
                  mayChange ? td(null, one.changed ? button({ type: 'button', class: 'quiet', disabled: isBusy, 'aria-label': t('levels.undo.of', { logger: one.logger }), onClick: () => change(one.logger, null) }, t('levels.undo')) : null) : null,
                ),
              ),
            ),
          ),
        )
      : null,
  );
}
