/** What is around every view: navigation, who is signed in, language, light and dark. */
import { useEffect, useState } from '../lib/hooks.js';
import { get, isSignedIn, onSignedOut, signOut } from './api.js';
import { all, names, put, tags } from './dom.js';
import { startLooking, stopLooking, useCluster } from './live.js';
import { Failure, loading, Notes, Question } from './parts.js';
import { troublesOf } from './rates.js';
import { to, useRoute } from './routes.js';
import { currentLanguage, LANGUAGES, speak, t } from './text.js';
import { applyTheme, currentTheme, THEMES } from './theme.js';
import { MqttView } from './views/mqtt.js';
import { SignIn } from './views/signin.js';
import { VIEWS } from './views/views.js';

const { a, button, div, header, main, nav, span, ul, li, select, option, label } = tags;

/** The whole page. */
export function App() {
  const [isIn, setIn] = useState(isSignedIn());
  const [me, setMe] = useState(null);
  const [problem, setProblem] = useState(null);
  const [, speakAgain] = useState(0);
  const route = useRoute();
  useEffect(() => onSignedOut(() => leave()), []);
  useEffect(() => {
    if (!isIn) {
      return;
    }
    setProblem(null);
    get('/me').then((who) => {
      setMe(who);
      if (who.namespace === null) {
        startLooking();
      }
    }, (failed) => setProblem(failed));
  }, [isIn]);
  const leave = () => {
    signOut();
    stopLooking();
    setMe(null);
    setIn(false);
  };
  const chooseLanguage = (language) => speak(language).then(() => speakAgain((turn) => turn + 1));
  const tastes = put(Tastes, { chooseLanguage });
  const content = !isIn
    ? put(SignIn, { whenIn: () => setIn(true), tastes })
    : problem
      ? put(Failure, { problem, again: leave })
      : me === null
        ? loading()
        : put(Frame, { me, route, leave, tastes });
  return all(content, put(Notes), put(Question));
}

function Tastes({ chooseLanguage }) {
  const [theme, setTheme] = useState(currentTheme());
  return div(
    { class: 'tastes' },
    label(
      null,
      span({ class: 'hidden' }, t('language')),
      select(
        { value: currentLanguage(), onChange: (event) => chooseLanguage(event.target.value) },
        ...Object.entries(LANGUAGES).map(([key, name]) => option({ key, value: key, lang: key }, name)),
      ),
    ),
    label(
      null,
      span({ class: 'hidden' }, t('theme')),
      select(
        {
          value: theme,
          onChange: (event) => {
            applyTheme(event.target.value);
            setTheme(event.target.value);
          },
        },
        ...THEMES.map((one) => option({ key: one, value: one }, t(`theme.${one}`))),
      ),
    ),
  );
}

/** A key that is pressed where nothing is typed. */
function onKey(event) {
  const target = event.target;
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || target.closest?.('input, textarea, select, dialog')) {
    return;
  }
  const box = document.querySelector('[data-search]');
  if (box) {
    event.preventDefault();
    box.focus();
    box.select();
  }
}

function Frame({ me, route, leave, tastes }) {
  const [isOpen, setOpen] = useState(false);
  const views = VIEWS.filter((view) => me.namespace === null || !view.ofWhole)
    .filter((view) => me.role !== 'viewer' || !view.forOperators)
    .filter((view) => me.role === 'admin' || !view.forAdmins);
  const current = views.find((view) => view.name === route.view) ?? views[0];
  useEffect(() => {
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  useEffect(() => setOpen(false), [route]);
  useEffect(() => {
    document.getElementById('content').scrollTop = 0;
    document.getElementById('title')?.focus({ preventScroll: true });
  }, [current.name, route.parts.join('/')]);
  return div(
    { class: 'frame' },
    a({ class: 'skip', href: '#content', onClick: skip }, t('skip')),
    header(
      { class: 'bar' },
      button({ type: 'button', class: 'menu', 'aria-expanded': String(isOpen), 'aria-controls': 'menu', 'aria-label': t('menu'), onClick: () => setOpen(!isOpen) }, '☰'),
      a({ class: 'brand', href: to(views[0].name) }, 'V-MQTT'),
      me.namespace === null ? put(Pulse) : span({ class: 'chip' }, t('namespace.of', { name: me.namespace || t('namespace.nameless') })),
      div({ class: 'who' }, tastes, span({ class: 'me', title: me.role }, me.name), button({ type: 'button', class: 'quiet', onClick: leave }, t('signout'))),
    ),
    nav(
      { id: 'menu', class: names('menu-list', isOpen && 'open'), 'aria-label': t('menu') },
      ul(null, ...views.map((view) => li({ key: view.name }, a({ href: to(view.name), 'aria-current': view === current ? 'page' : undefined }, t(`view.${view.name}`), view.mark ? put(view.mark) : null)))),
    ),
    main({ id: 'content', tabIndex: -1 }, current.name === 'mqtt' ? null : put(current.component, { key: current.name, parts: route.parts, me }), put(MqttView, { isShown: current.name === 'mqtt' })),
  );
}

function skip(event) {
  event.preventDefault();
  document.getElementById('content').focus();
}

/** Whether all is well, in one word that is always in view. */
function Pulse() {
  const { status, problem } = useCluster();
  if (problem) {
    return a({ class: 'pulse bad', href: to('overview') }, '▲ ', t('pulse.lost'));
  }
  if (!status) {
    return span({ class: 'pulse' }, '…');
  }
  const troubles = troublesOf(status);
  const isBad = troubles.some((one) => one.severe);
  return a(
    { class: names('pulse', troubles.length === 0 ? 'good' : isBad ? 'bad' : 'fair'), href: to('overview'), 'data-health': troubles.length === 0 ? 'good' : 'bad' },
    troubles.length === 0 ? '● ' : '▲ ',
    troubles.length === 0 ? t('pulse.good') : t('pulse.bad', { count: troubles.length }),
  );
}
