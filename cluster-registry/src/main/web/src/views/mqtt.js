/** An MQTT client in the page: it goes on, and keeps what it has received, while other views are looked at. */
import { useEffect, useRef, useState } from '../../lib/hooks.js';
import { names, put, tags } from '../dom.js';
import { number } from '../format.js';
import { MessageRow } from '../messages.js';
import { MqttClient } from '../mqtt/client.js';
import { card, choice, field, head, note } from '../parts.js';
import { remember, remembered } from '../settings.js';
import { t } from '../text.js';
import { TopicTree } from '../topics.js';
import { TopicRows } from '../tree.js';

const { button, div, form, input, p, span, textarea } = tags;

/** The latest messages; older ones go. So many are in the document. */
const MOST_KEPT = 1_000;
const MOST_SHOWN = 100;

/** New messages are shown that often. */
const REFRESH_MILLIS = 200;

/** Rates of topics are found that often. */
const MEASURE_MILLIS = 1_000;

const defaultUrl = () => remembered('mqtt-url') ?? `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.hostname}:8083/mqtt`;
const whyText = (why) => (why.reason === undefined ? why.message : `0x${why.reason.toString(16).toUpperCase()} ${why.message}`);

export function MqttView({ isShown }) {
  const client = useRef(null);
  const kept = useRef([]);
  const tree = useRef(new TopicTree());
  const isDirty = useRef(false);
  const [state, setState] = useState('closed');
  const [filters, setFilters] = useState([]);
  const [seen, setSeen] = useState({ count: 0, messages: [] });
  const [isPaused, setPaused] = useState(false);
  const [isTree, setTree] = useState(false);
  const count = useRef(0);
  const paused = useRef(false);
  paused.current = isPaused;
  useEffect(() => {
    const timer = setInterval(() => {
      if (isDirty.current && !paused.current) {
        isDirty.current = false;
        setSeen({ count: count.current, messages: kept.current.slice(-MOST_SHOWN).reverse() });
      }
    }, REFRESH_MILLIS);
    const measuring = setInterval(() => {
      tree.current.measure(Date.now());
      isDirty.current = true;
    }, MEASURE_MILLIS);
    return () => {
      clearInterval(timer);
      clearInterval(measuring);
      client.current?.close();
    };
  }, []);
  const connect = async (event) => {
    event.preventDefault();
    const fields = event.target.elements;
    setState('connecting');
    try {
      const opened = new MqttClient(fields.url.value, {
        clientId: fields.clientid.value,
        user: fields.user.value === '' ? null : fields.user.value,
        password: fields.secret.value === '' ? null : fields.secret.value,
        onMessage: (message) => {
          count.current++;
          tree.current.add(message);
          kept.current.push({ ...message, number: count.current, time: new Date().toISOString().slice(11, 23) });
          if (kept.current.length > 2 * MOST_KEPT) {
            kept.current = kept.current.slice(-MOST_KEPT);
          }
          isDirty.current = true;
        },
        onEnd: (why) => {
          client.current = null;
          setState('closed');
          setFilters([]);
          if (why) {
            note(t('mqtt.ended', { why: whyText(why) }), true);
          }
        },
      });
      client.current = opened;
      await opened.connected;
      remember('mqtt-url', fields.url.value);
      setState('open');
    } catch (failure) {
      if (client.current === null && !(failure instanceof SyntaxError || failure.name === 'SyntaxError' || failure.name === 'SecurityError')) {
        return; // onEnd has told of it
      }
      client.current = null;
      setState('closed');
      note(t('mqtt.ended', { why: failure.message }), true);
    }
  };
  const subscribe = async (event) => {
    event.preventDefault();
    const fields = event.target.elements;
    const filter = fields.filter.value;
    try {
      const granted = await client.current.subscribe(filter, Number(fields.qos.value));
      setFilters((before) => [...before.filter((one) => one.filter !== filter), { filter, granted }]);
    } catch (failure) {
      note(t('mqtt.refused', { what: filter, why: whyText(failure) }), true);
    }
  };
  const unsubscribe = async (filter) => {
    try {
      await client.current.unsubscribe(filter);
      setFilters((before) => before.filter((one) => one.filter !== filter));
    } catch (failure) {
      note(t('mqtt.refused', { what: filter, why: whyText(failure) }), true);
    }
  };
  const publish = async (event) => {
    event.preventDefault();
    const fields = event.target.elements;
    try {
      await client.current.publish(fields.topic.value, new TextEncoder().encode(fields.payload.value), Number(fields.qos.value), fields.retain.checked);
      note(t('mqtt.published', { topic: fields.topic.value }));
    } catch (failure) {
      note(t('mqtt.refused', { what: fields.topic.value, why: whyText(failure) }), true);
    }
  };
  const clear = () => {
    kept.current = [];
    tree.current = new TopicTree();
    count.current = 0;
    setSeen({ count: 0, messages: [] });
  };
  if (!isShown) {
    return null;
  }
  const isOpen = state === 'open';
  const qos = (name) => field('QoS', choice({ name }, ['1', '1'], ['0', '0'], ['2', '2']));
  return div(
    { class: 'view' },
    head({ title: t('view.mqtt') }, span({ class: names('chip', isOpen && 'good'), 'data-state': state }, t(`mqtt.${state}`))),
    card(
      t('mqtt.connection'),
      form(
        { class: 'filters', onSubmit: connect },
        field(t('mqtt.address'), input({ name: 'url', required: true, defaultValue: defaultUrl(), disabled: state !== 'closed', spellcheck: false, class: 'wide-input' })),
        field(t('client.id'), input({ name: 'clientid', defaultValue: `page-${Math.random().toString(36).slice(2, 8)}`, disabled: state !== 'closed', spellcheck: false })),
        field(t('client.user'), input({ name: 'user', autocomplete: 'off', disabled: state !== 'closed' })),
        field(t('signin.password'), input({ name: 'secret', type: 'password', autocomplete: 'off', disabled: state !== 'closed' })),
        state === 'closed' ? button({ type: 'submit', class: 'main' }, t('mqtt.connect')) : button({ type: 'button', onClick: () => client.current?.close() }, t('mqtt.close')),
      ),
      p({ class: 'note' }, t('mqtt.note')),
    ),
    isOpen
      ? div(
          { class: 'halves' },
          card(
            t('mqtt.subscriptions'),
            form({ class: 'filters', onSubmit: subscribe }, field(t('subscription.filter'), input({ name: 'filter', required: true, defaultValue: '#', spellcheck: false, 'data-search': '' })), qos('qos'), button({ type: 'submit' }, t('mqtt.subscribe'))),
            ...filters.map((one) =>
              div(
                { key: one.filter, class: 'chip-row' },
                span({ class: 'mono' }, one.filter),
                span({ class: 'chip' }, `QoS ${one.granted}`),
                button({ type: 'button', class: 'quiet', 'aria-label': t('mqtt.unsubscribe', { filter: one.filter }), onClick: () => unsubscribe(one.filter) }, '×'),
              ),
            ),
          ),
          card(
            t('view.publish'),
            form(
              { class: 'stack', onSubmit: publish },
              field(t('message.topic'), input({ name: 'topic', required: true, spellcheck: false })),
              field(t('message.payload'), textarea({ name: 'payload', rows: 2, spellcheck: false })),
              div({ class: 'filters' }, qos('qos'), field(t('message.retain'), input({ name: 'retain', type: 'checkbox' })), button({ type: 'submit' }, t('publish.act'))),
            ),
          ),
        )
      : null,
    card(
      t('mqtt.messages', { count: number(seen.count) }),
      div(
        { class: 'actions' },
        choice({ value: isTree ? 'tree' : 'list', 'aria-label': t('mqtt.as'), onChange: (event) => setTree(event.target.value === 'tree') }, ['list', t('mqtt.list')], ['tree', t('topics')]),
        button({ type: 'button', 'aria-pressed': String(isPaused), onClick: () => setPaused(!isPaused) }, t(isPaused ? 'mqtt.resume' : 'mqtt.pause')),
        button({ type: 'button', class: 'quiet', onClick: clear }, t('mqtt.clear')),
        !isTree && seen.count > MOST_SHOWN ? span({ class: 'note' }, t('mqtt.latest', { count: MOST_SHOWN })) : null,
        isTree && tree.current.leftOut > 0 ? span({ class: 'note' }, t('topics.leftout', { count: number(tree.current.leftOut) })) : null,
      ),
      seen.messages.length === 0
        ? div({ class: 'state' }, t(isOpen ? 'mqtt.nothing' : 'mqtt.notyet'))
        : isTree
          ? put(TopicRows, { tree: tree.current })
          : div({ class: 'messages', 'data-messages': seen.count }, ...seen.messages.map((one) => put(MessageRow, { key: one.number, message: one, note: one.time }))),
    ),
  );
}
