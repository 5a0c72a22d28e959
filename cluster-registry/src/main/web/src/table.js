/** A table of any length: rows in view alone are in the document, pages are read as somebody scrolls. */
import { useEffect, useLayoutEffect, useRef, useState } from '../lib/hooks.js';
import { useMedia } from './ask.js';
import { names, put, tags } from './dom.js';
import { number } from './format.js';
import { PagedList } from './pages.js';
import { Failure, Missing } from './parts.js';
import { t } from './text.js';

const { div, span, button } = tags;
const ROW_PIXELS = 32;
const SPARE_ROWS = 12;

/** So many rows before the end of what is known, the next page is asked for. */
const AHEAD_ROWS = 300;
const RENEWAL_MILLIS = 4_000;

/** A list that is asked for anew when `inputs` change. */
export function usePages(ask, inputs) {
  const [, turn] = useState(0);
  const held = useRef(null);
  const begin = () => {
    held.current?.close();
    const list = new PagedList(ask, () => held.current === list && turn((one) => one + 1));
    held.current = list;
    list.more();
  };
  useEffect(begin, inputs);
  useEffect(() => {
    const timer = setInterval(() => document.hidden || held.current?.renew(), RENEWAL_MILLIS);
    return () => {
      clearInterval(timer);
      held.current?.close();
    };
  }, []);
  return { list: held.current, again: begin };
}

/**
 * The table.
 *
 * @param list a PagedList; null before the first look
 * @param columns each with key, title, width (of CSS' grid), of (row) and perhaps `wide`: not on a phone; or `narrow`: its width there
 * @param nameOf what a row is called for those who hear it
 * @param hrefOf where a row leads
 * @param onOpen what is done with a row in place of that; `opened` is the one
 * @param follows whether its end stays in view, where it is and no row has the focus, as rows come
 */
export function Table({ list, again, columns, label, hrefOf, onOpen, opened, follows, nameOf, empty }) {
  const isNarrow = useMedia('(max-width: 640px)');
  const shown = columns.filter((column) => !(isNarrow && column.wide));
  const box = useRef(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(600);
  const [active, setActive] = useState(0);
  const wantsFocus = useRef(false);
  const isAtEnd = useRef(true);
  const open = onOpen ?? (hrefOf ? (item) => (location.hash = hrefOf(item)) : null);
  const count = list?.items.length ?? 0;
  useLayoutEffect(() => {
    const watch = new ResizeObserver(() => box.current && setHeight(box.current.clientHeight));
    watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  const first = Math.max(0, Math.floor(top / ROW_PIXELS) - SPARE_ROWS);
  const last = Math.min(count, Math.ceil((top + height) / ROW_PIXELS) + SPARE_ROWS);
  useEffect(() => {
    if (list && list.begun && !list.isDone && !list.problem && last > count - AHEAD_ROWS) {
      list.more();
    }
  });
  useEffect(() => {
    box.current.scrollTop = 0;
    setTop(0);
    setActive(0);
  }, [list]);
  useLayoutEffect(() => {
    if (wantsFocus.current) {
      const row = box.current.querySelector(`[data-row="${active}"]`);
      row?.focus({ preventScroll: true });
      wantsFocus.current = !row;
    }
  });
  useLayoutEffect(() => {
    const scroll = box.current;
    if (follows && isAtEnd.current && !scroll.contains(document.activeElement)) {
      scroll.scrollTop = scroll.scrollHeight;
      onScroll();
      setActive(Math.max(0, count - 1));
    }
  }, [count]);
  const onScroll = () => {
    const scroll = box.current;
    isAtEnd.current = scroll.scrollTop + scroll.clientHeight > scroll.scrollHeight - ROW_PIXELS;
    setTop(scroll.scrollTop);
  };
  const go = (to) => {
    const index = Math.max(0, Math.min(count - 1, to));
    const above = index * ROW_PIXELS;
    const scroll = box.current;
    const room = scroll.clientHeight - ROW_PIXELS; // the head stays in view
    if (above < scroll.scrollTop) {
      scroll.scrollTop = above;
    } else if (above + ROW_PIXELS > scroll.scrollTop + room) {
      scroll.scrollTop = above + ROW_PIXELS - room;
    }
    setTop(scroll.scrollTop);
    setActive(index);
    wantsFocus.current = true;
  };
  const onKeyDown = (event) => {
    const pageRows = Math.max(1, Math.floor(height / ROW_PIXELS) - 2);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: pageRows, PageUp: -pageRows, Home: -count, End: count };
    if (event.key in steps && !event.altKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      go(active + steps[event.key]);
    } else if (event.key === 'Enter' && open && list?.items[active]) {
      event.preventDefault();
      open(list.items[active]);
    }
  };
  const grid = { gridTemplateColumns: shown.map((column, index) => (isNarrow ? (column.narrow ?? `minmax(0, ${index === 0 ? 1.5 : 1}fr)`) : column.width)).join(' ') };
  const current = Math.min(active, Math.max(0, count - 1));
  const rows = [];
  for (let index = first; index < last; index++) {
    const item = list.items[index];
    rows.push(
      div(
        {
          key: index,
          class: names('row', open && 'opens', item === opened && 'opened'),
          role: 'row',
          'aria-rowindex': index + 2,
          'aria-label': nameOf(item),
          'data-row': index,
          tabIndex: index === current ? 0 : -1,
          style: { ...grid, transform: `translateY(${index * ROW_PIXELS}px)` },
          onFocus: () => setActive(index),
          onClick: () => {
            if (open && getSelection().isCollapsed) {
              open(item);
            }
          },
        },
        ...shown.map((column) => span({ key: column.key, role: 'gridcell', class: names('cell', column.number && 'number') }, column.of(item))),
      ),
    );
  }
  const state = list?.problem
    ? put(Failure, { problem: list.problem, again: count === 0 ? again : () => list.more() })
    : count === 0 && (!list || !list.begun)
      ? div({ class: 'state', role: 'status' }, span({ class: 'spinner' }), t('list.loading'))
      : count === 0 && list.isDone
        ? div({ class: 'state', role: 'status' }, empty)
        : null;
  return div(
    { class: 'list' },
    put(Missing, { missing: list?.missing ?? [] }),
    div(
      { class: 'grid', role: 'grid', ref: box, 'aria-label': label, 'aria-rowcount': list?.isDone ? count + 1 : -1, onScroll, onKeyDown },
      div(
        { class: 'row head', role: 'row', 'aria-rowindex': 1, style: grid },
        ...shown.map((column) => span({ key: column.key, role: 'columnheader', class: names('cell', column.number && 'number') }, column.title)),
      ),
      div({ class: 'rows', role: 'presentation', style: { height: `${count * ROW_PIXELS}px` } }, rows),
      state,
    ),
    div(
      { class: 'foot' },
      span(
        { role: 'status' },
        list?.isFull ? t('list.full', { count: number(count) }) : list?.isDone ? t('list.all', { count: number(count) }) : t('list.more', { count: number(count) }),
      ),
      button({ type: 'button', class: 'quiet', onClick: again }, t('list.again')),
    ),
  );
}
