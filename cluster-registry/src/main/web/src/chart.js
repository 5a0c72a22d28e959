/** Lines over time, drawn by uPlot in the colours of the page. */
import { useEffect, useRef } from '../lib/hooks.js';
import uPlot from '../lib/uplot.js';
import { tags } from './dom.js';

const { div } = tags;
const HEIGHT = 180;

/** Between the lines of an axis of what is counted. */
const WHOLE_STEPS = Array.from({ length: 10 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat();

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/**
 * A chart.
 *
 * @param data the times in seconds, then the values of each line; null where one is not known
 * @param lines each with a name and the CSS property of its colour
 * @param text what a value looks like
 * @param isWhole whether there is nothing between two whole numbers
 * @param label what those hear who do not see it
 */
export function Chart({ data, lines, text, label, isWhole }) {
  const box = useRef(null);
  const plot = useRef(null);
  useEffect(() => {
    const draw = () => {
      plot.current?.destroy();
      const axis = { stroke: colour('--faint'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false }, font: '11px system-ui' };
      plot.current = new uPlot(
        {
          width: box.current.clientWidth,
          height: HEIGHT,
          padding: [8, 30, 0, 0],
          cursor: { y: false, drag: { x: false, y: false } },
          legend: { live: true },
          scales: { y: { range: (_, low, high) => [0, Math.max(1, (high ?? 1) * 1.15)] } },
          axes: [
            { ...axis, values: [[1, '{HH}:{mm}:{ss}', null, null, null, null, null, null, 1]], space: 80 },
            { ...axis, values: (_, values) => values.map(text), size: 56, ...(isWhole ? { incrs: WHOLE_STEPS } : {}) },
          ],
          series: [
            { label: '', value: '{HH}:{mm}:{ss}' },
            ...lines.map((line) => ({ label: line.name, stroke: colour(line.colour), width: 1.5, points: { show: false }, value: (_, value) => text(value) })),
          ],
        },
        data,
        box.current,
      );
    };
    draw();
    const size = new ResizeObserver(() => plot.current?.setSize({ width: box.current.clientWidth, height: HEIGHT }));
    size.observe(box.current);
    const theme = new MutationObserver(draw);
    theme.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', draw);
    return () => {
      size.disconnect();
      theme.disconnect();
      dark.removeEventListener('change', draw);
      plot.current?.destroy();
      plot.current = null;
    };
  }, [lines.map((line) => line.name).join()]);
  useEffect(() => plot.current?.setData(data), [data]);
  return div({ class: 'chart', ref: box, role: 'img', 'aria-label': label });
}
