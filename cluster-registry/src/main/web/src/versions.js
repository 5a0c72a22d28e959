/** One of what operators say for the whole cluster: what is in force, what was before, and having that again. */
import { useState } from '../lib/hooks.js';
import { get, path, post } from './api.js';
import { useAsked } from './ask.js';
import { put, tags } from './dom.js';
import { Editor } from './editor.js';
import { moment } from './format.js';
import { card, confirmed, facts, Failure, head, loading, note } from './parts.js';
import { to } from './routes.js';
import { t } from './text.js';
import { yaml } from './yaml.js';

const { a, button, div, p, pre, span, table, tbody, td, th, thead, tr } = tags;
const RENEWAL_MILLIS = 5_000;

/** Whoever may say it as a whole; one thing of it, such as a ban, others may say, too. */
const mayChange = (me, latest) => me.role === 'admin' && latest?.readOnly === null;

/** The versions that are known, the one in force first: short, so that it can be asked for again and again. */
export const useVersions = (name) => {
  const asked = useAsked((signal) => get(`/${name}/versions`, { signal }), [name], RENEWAL_MILLIS);
  return { ...asked, latest: asked.value?.items[0] };
};

/** Where the file of a registry says it, nobody can change it here: that is told before he tries. */
export const ReadOnly = ({ latest }) => (latest?.readOnly ? div({ class: 'notice warning', role: 'status', 'data-readonly': '' }, t('setting.readonly', { file: latest.readOnly })) : null);

/**
 * @param name as the API calls it
 * @param base the address of this
 * @param parts what follows there: nothing, or a version
 * @param back where it comes from; undefined: the menu
 */
export function Setting({ name, base, parts, back, me }) {
  const known = useVersions(name);
  return parts.length === 1 ? put(Earlier, { key: parts[0], name, base, version: parts[0], me, known }) : put(InForce, { name, base, back, me, known });
}

function InForce({ name, base, back, me, known }) {
  const { value: versions, latest, problem } = known;
  const [begun, setBegun] = useState(null);
  const asked = useAsked((signal) => (latest ? get(`/${name}`, { signal }) : null), [name, latest?.version]);
  const now = asked.value;
  const begin = () => setBegun({ version: now.version, text: isEmpty(now.content) ? '' : yaml(now.content) });
  const again = () => {
    known.again();
    asked.again();
  };
  const failed = problem ?? asked.problem;
  return div(
    { class: 'view' },
    head({ title: t(`view.${name}`), back }, now && !begun && mayChange(me, now) ? button({ type: 'button', onClick: begin }, t('setting.edit')) : null),
    failed ? put(Failure, { problem: failed, again }) : null,
    put(ReadOnly, { latest }),
    begun
      ? put(Editor, {
          name,
          begun,
          now,
          renew: again,
          done: () => {
            setBegun(null);
            again();
          },
        })
      : now
        ? card(null, about(now), content(name, now.content))
        : failed
          ? null
          : loading(),
    versions ? card(t('setting.versions'), list(versions.items, base)) : null,
  );
}

const isEmpty = (content) => Object.keys(content).length === 0;

const content = (name, said) => (isEmpty(said) ? p({ class: 'faint', 'data-content': '' }, t(`setting.none.${name}`)) : pre({ class: 'content', tabIndex: 0, 'data-content': '' }, yaml(said)));

const about = (one) =>
  facts([t('setting.version'), one.version || t('setting.never')], [t('setting.at'), moment(one.at)], [t('setting.by'), one.by], [t('setting.where'), one.version === 0 ? null : (one.file ?? t('setting.api'))]);

function list(items, base) {
  return div(
    { class: 'scroll' },
    table(
      { class: 'simple' },
      thead(null, tr(null, ...['version', 'at', 'by', 'where'].map((key) => th({ key, scope: 'col' }, t(`setting.${key}`))))),
      tbody(
        null,
        ...items.map((one, index) =>
          tr(
            { key: one.version, 'data-version': one.version },
            td(null, one.version === 0 ? t('setting.never') : a({ href: to(...base, String(one.version)) }, one.version), ' ', index === 0 ? span({ class: 'chip good' }, t('setting.inforce')) : null),
            td(null, moment(one.at)),
            td(null, one.by ?? '–'),
            td({ class: 'mono' }, one.version === 0 ? '–' : (one.file ?? t('setting.api'))),
          ),
        ),
      ),
    ),
  );
}

/** One of them, as a whole. Who has it be in force again has seen it. */
function Earlier({ name, base, version, me, known }) {
  const { value, problem, again } = useAsked((signal) => get(path`/${name}/versions/${version}`, { signal }), [name, version]);
  const { latest } = known;
  const isInForce = latest?.version === value?.version;
  const restore = async () => {
    if (!(await confirmed({ title: t('setting.restore.title', { version }), detail: t('setting.restore.detail', { version: latest.version }), act: t('setting.restore') }))) {
      return;
    }
    try {
      const after = await post(path`/${name}/versions/${version}/restore`, undefined, { follows: latest.version });
      note(t('setting.saved', { version: after.version }));
      known.again(); // what is in force is another, and the next view shows that
      location.hash = to(...base);
    } catch (failed) {
      note(failed.message, true);
      known.again();
    }
  };
  return div(
    { class: 'view' },
    head(
      { title: t('setting.title', { name: t(`view.${name}`), version }), back: to(...base) },
      value && latest && !isInForce && mayChange(me, latest) ? button({ type: 'button', class: 'danger', onClick: restore }, t('setting.restore')) : null,
    ),
    problem ? put(Failure, { problem, again }) : null,
    put(ReadOnly, { latest }),
    value && latest && isInForce ? div({ class: 'notice good', role: 'status' }, '● ', t('setting.isinforce')) : null,
    !value && !problem ? loading() : null,
    value ? card(null, about(value), content(name, value.content)) : null,
  );
}
