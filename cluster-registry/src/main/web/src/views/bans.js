/** Who is kept out whatever he can prove: all of them, one, and all of it as a text with its versions. */
import { useRef, useState } from '../../lib/hooks.js';
import { get, query, remove } from '../api.js';
import { useAsked, useSettled } from '../ask.js';
import { BanForm, kindOf, mayBan, toBan, whereOf, whereText } from '../banned.js';
import { put, tags } from '../dom.js';
import { moment } from '../format.js';
import { useNamespaces } from '../namespaces.js';
import { card, confirmed, facts, Failure, field, head, loading, note, search } from '../parts.js';
import { to } from '../routes.js';
import { Table, usePages } from '../table.js';
import { t } from '../text.js';
import { ReadOnly, Setting, useVersions } from '../versions.js';

const { a, button, div, span } = tags;

/** What the API calls those whom the file calls so. */
const PARAMETERS = { 'client-id': 'clientId', user: 'user', address: 'address' };

export function Bans({ parts, me }) {
  if (parts[0] === 'text') {
    return put(Setting, { name: 'bans', base: ['bans', 'text'], parts: parts.slice(1), back: to('bans'), me });
  }
  return parts.length === 3 ? put(One, { key: parts.join('/'), kind: parts[0], who: parts[1], namespace: whereOf(parts[2]), me }) : put(List, { me });
}

const untilText = (ban) => (!ban.until ? t('forever') : Date.parse(ban.until) < Date.now() ? t('ban.over') : moment(ban.until));

function List({ me }) {
  const [words, setWords] = useState('');
  const settled = useSettled(words);
  const hasNamespaces = useNamespaces();
  const { latest, again: askVersions } = useVersions('bans');
  const held = useRef(null);
  const { list, again } = usePages(
    async (_, signal) => {
      const { items } = await get('/bans/versions', { signal });
      if (held.current?.version !== items[0].version) {
        held.current = await get('/bans', { signal }); // there may be thousands: only when they are others
      }
      return { items: held.current.content.bans.filter((one) => matches(one, settled.toLowerCase())), next: null };
    },
    [settled],
  );
  const columns = [
    { key: 'who', title: t('ban.who'), width: 'minmax(9rem, 2fr)', of: (one) => span({ class: 'mono' }, one[kindOf(one)]) },
    { key: 'kind', title: t('ban.kind'), width: '7rem', of: (one) => t(`ban.kind.${kindOf(one)}`) },
    { key: 'reason', title: t('ban.reason'), width: 'minmax(6rem, 1.5fr)', wide: true, of: (one) => one.reason || '–' },
    { key: 'by', title: t('setting.by'), width: 'minmax(5rem, 0.8fr)', wide: true, of: (one) => one.by || '–' },
    { key: 'until', title: t('ban.until'), width: '12.5rem', wide: true, of: untilText },
  ];
  if (hasNamespaces) {
    columns.splice(2, 0, { key: 'namespace', title: t('namespace'), width: 'minmax(5rem, 0.8fr)', wide: true, of: (one) => whereText(one.namespace) });
  }
  const renew = () => {
    askVersions();
    again();
  };
  return div(
    { class: 'view tall' },
    head({ title: t('view.bans') }, a({ class: 'button', href: to('bans', 'text') }, t('bans.text'))),
    put(ReadOnly, { latest }),
    mayBan(me, latest) ? put(BanForm, { done: renew }) : null,
    div({ class: 'filters', role: 'search' }, field(t('bans.search'), search({ placeholder: t('search.slash'), onInput: (event) => setWords(event.target.value.trim()) }))),
    put(Table, {
      list,
      again: renew,
      columns,
      label: t('view.bans'),
      nameOf: (one) => one[kindOf(one)],
      hrefOf: (one) => toBan(kindOf(one), one[kindOf(one)], one.namespace ?? null),
      empty: t(settled ? 'bans.nomatch' : 'bans.none'),
    }),
  );
}

const matches = (ban, words) => `${ban[kindOf(ban)]} ${ban.reason} ${ban.by}`.toLowerCase().includes(words);

function One({ kind, who, namespace, me }) {
  const known = useVersions('bans');
  const { latest } = known;
  const asked = useAsked((signal) => (latest ? get('/bans', { signal }) : null), [kind, who, namespace, latest?.version]);
  const { value } = asked;
  const problem = known.problem ?? asked.problem;
  const again = () => {
    known.again();
    asked.again();
  };
  const ban = value?.content.bans.find((one) => one[kind] === who && (one.namespace ?? null) === namespace);
  const pardon = async () => {
    if (!(await confirmed({ title: t('ban.back.title', { who }), detail: t('ban.back.detail'), act: t('ban.back') }))) {
      return;
    }
    try {
      await remove(`/bans${query({ [PARAMETERS[kind]]: who, namespace })}`);
      note(t('ban.taken', { who }));
    } catch (failed) {
      note(failed.message, true);
    }
    again();
  };
  return div(
    { class: 'view' },
    head({ title: who, back: to('bans') }, ban && mayBan(me, latest) ? button({ type: 'button', class: 'danger', onClick: pardon }, t('ban.back')) : null),
    problem ? put(Failure, { problem, again }) : null,
    put(ReadOnly, { latest }),
    !value && !problem ? loading() : null,
    value && !ban ? div({ class: 'notice good', role: 'status', 'data-banned': 'false' }, '● ', t('ban.not')) : null,
    ban
      ? card(
          null,
          facts(
            [t('ban.kind'), t(`ban.kind.${kind}`)],
            [t('ban.who'), who],
            [t('namespace'), whereText(namespace)],
            [t('ban.reason'), ban.reason],
            [t('setting.by'), ban.by],
            [t('ban.since'), moment(ban.since)],
            [t('ban.until'), untilText(ban)],
          ),
        )
      : null,
    value && !ban && mayBan(me, latest) ? put(BanForm, { kind, who, namespace, done: again }) : null,
  );
}
