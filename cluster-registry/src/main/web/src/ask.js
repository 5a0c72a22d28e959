/** Asking the API from a component. */
import { useCallback, useEffect, useRef, useState } from '../lib/hooks.js';

/**
 * What `ask` gives, once at first, then every `everyMillis` if that is not 0 and the page is visible, and when `again`
 * is called. What it gave before is kept beside a problem: it is still the last that is known.
 */
export function useAsked(ask, inputs, everyMillis = 0) {
  const [state, set] = useState({ value: null, problem: null, loading: true });
  const [turn, setTurn] = useState(0);
  const latest = useRef(ask);
  latest.current = ask;
  useEffect(() => set({ value: null, problem: null, loading: true }), inputs);
  useEffect(() => {
    const abort = new AbortController();
    let timer = null;
    let isDue = false;
    const run = async () => {
      try {
        const value = await latest.current(abort.signal);
        if (!abort.signal.aborted) {
          set({ value, problem: null, loading: false });
        }
      } catch (problem) {
        if (!abort.signal.aborted) {
          set((before) => ({ ...before, problem, loading: false }));
        }
      }
      if (everyMillis > 0 && !abort.signal.aborted) {
        timer = setTimeout(rested, everyMillis);
      }
    };
    const rested = () => {
      isDue = document.hidden;
      if (!isDue) {
        run();
      }
    };
    const seen = () => isDue && rested();
    document.addEventListener('visibilitychange', seen);
    run();
    return () => {
      abort.abort();
      document.removeEventListener('visibilitychange', seen);
      clearTimeout(timer);
    };
  }, [...inputs, turn]);
  return { ...state, again: useCallback(() => setTurn((one) => one + 1), []) };
}

/** A value as it was a moment ago: what somebody types is asked for when he rests. */
export function useSettled(value, millis = 200) {
  const [settled, set] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => set(value), millis);
    return () => clearTimeout(timer);
  }, [value, millis]);
  return settled;
}

/** Whether a question to the window's size is answered with yes. */
export function useMedia(question) {
  const [matches, set] = useState(() => matchMedia(question).matches);
  useEffect(() => {
    const media = matchMedia(question);
    const told = () => set(media.matches);
    media.addEventListener('change', told);
    return () => media.removeEventListener('change', told);
  }, [question]);
  return matches;
}
