/** A tree of topics, as it is seen: rows in view alone are in the document. */
import { useLayoutEffect, useRef, useState } from '../lib/hooks.js';
import { names, tags } from './dom.js';
import { number, payload, rate } from './format.js';
import { t } from './text.js';

const { div, span } = tags;
const ROW_PIXELS = 28;
const SPARE_ROWS = 10;
const SHOWN_CHARS = 80;

export function TopicRows({ tree }) {
  const [open, setOpen] = useState(() => new Set());
  const [active, setActive] = useState(0);
  const [top, setTop] = useState(0);
  const box = useRef(null);
  const rows = tree.rows((topic) => open.has(topic));
  const current = Math.max(0, Math.min(active, rows.length - 1));
  const wantsFocus = useRef(false);
  useLayoutEffect(() => {
    if (wantsFocus.current) {
      wantsFocus.current = false;
      box.current.querySelector(`[data-row="${current}"]`)?.focus();
    }
  });
  const toggle = (level, wanted) => {
    setOpen((before) => {
      const after = new Set(before);
      if (wanted ?? !after.has(level.topic)) {
        after.add(level.topic);
      } else {
        after.delete(level.topic);
      }
      return after;
    });
  };
  const go = (to) => {
    const index = Math.max(0, Math.min(rows.length - 1, to));
    const scroll = box.current;
    if (index * ROW_PIXELS < scroll.scrollTop || (index + 1) * ROW_PIXELS > scroll.scrollTop + scroll.clientHeight) {
      scroll.scrollTop = Math.max(0, index * ROW_PIXELS - scroll.clientHeight / 2);
    }
    setTop(scroll.scrollTop);
    setActive(index);
    wantsFocus.current = true;
  };
  const parentOf = (index) => {
    for (let i = index - 1; i >= 0; i--) {
      if (rows[i].depth < rows[index].depth) {
        return i;
      }
    }
    return index;
  };
  const onKeyDown = (event) => {
    const row = rows[current];
    if (!row) {
      return;
    }
    const isParent = row.level.children.size > 0;
    const isOpen = open.has(row.level.topic);
    const does = {
      ArrowDown: () => go(current + 1),
      ArrowUp: () => go(current - 1),
      Home: () => go(0),
      End: () => go(rows.length - 1),
      ArrowRight: () => (isParent && !isOpen ? toggle(row.level, true) : go(current + (isParent ? 1 : 0))),
      ArrowLeft: () => (isParent && isOpen ? toggle(row.level, false) : go(parentOf(current))),
      Enter: () => toggle(row.level),
    }[event.key];
    if (does && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      does();
    }
  };
  const first = Math.max(0, Math.floor(top / ROW_PIXELS) - SPARE_ROWS);
  const height = box.current?.clientHeight ?? 400;
  const last = Math.min(rows.length, Math.ceil((top + height) / ROW_PIXELS) + SPARE_ROWS);
  return div(
    { class: 'tree', role: 'tree', 'aria-label': t('topics'), ref: box, onScroll: () => setTop(box.current.scrollTop), onKeyDown },
    div(
      { class: 'rows', role: 'presentation', style: { height: `${rows.length * ROW_PIXELS}px` } },
      rows.slice(first, last).map(({ level, depth }, offset) => {
        const index = first + offset;
        const isParent = level.children.size > 0;
        return div(
          {
            key: level.topic,
            class: 'branch',
            role: 'treeitem',
            'aria-level': depth + 1,
            'aria-expanded': isParent ? String(open.has(level.topic)) : undefined,
            'data-row': index,
            'data-topic': level.topic,
            tabIndex: index === current ? 0 : -1,
            style: { transform: `translateY(${index * ROW_PIXELS}px)`, paddingLeft: `${0.6 + depth * 1.1}rem` },
            onFocus: () => setActive(index),
            onClick: () => isParent && toggle(level),
          },
          span({ class: 'twist', 'aria-hidden': 'true' }, isParent ? (open.has(level.topic) ? '▾' : '▸') : ''),
          span({ class: names('mono', 'name') }, level.name === '' ? '∅' : level.name),
          span({ class: 'value' }, level.last ? payload(level.last.payload, SHOWN_CHARS).text : ''),
          span({ class: 'count' }, t('topics.rate', { rate: rate(level.rate < 0.05 ? 0 : level.rate) })),
          span({ class: 'count' }, number(level.count)),
        );
      }),
    ),
  );
}
