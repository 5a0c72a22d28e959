/** What /cluster says, asked for every other second while somebody looks, and what it said lately. */
import { useEffect, useState } from '../lib/hooks.js';
import { get } from './api.js';
import { sampleOf } from './rates.js';

const PERIOD_MILLIS = 2_000;
const HIDDEN_PERIOD_MILLIS = 20_000;

/** Ten minutes of looks; the oldest go. */
const MOST_SAMPLES = 300;

const state = { status: null, samples: [], problem: null };
const listeners = new Set();
let timer = null;
let running = 0;

const tell = () => listeners.forEach((listener) => listener({ ...state }));

async function look(run) {
  timer = null; // none is set while it is under way: that would be a second loop
  try {
    const status = await get('/cluster');
    if (run !== running) {
      return;
    }
    state.status = status;
    state.problem = null;
    state.samples = [...state.samples, sampleOf(status)].slice(-MOST_SAMPLES);
  } catch (problem) {
    if (run !== running) {
      return;
    }
    state.problem = problem;
  }
  tell();
  timer = setTimeout(() => look(run), document.hidden ? HIDDEN_PERIOD_MILLIS : PERIOD_MILLIS);
}

document.addEventListener('visibilitychange', () => {
  if (!document.hidden && timer !== null) {
    clearTimeout(timer);
    look(running);
  }
});

/** Begins to ask; what was known is of somebody else. */
export function startLooking() {
  stopLooking();
  look(running);
}

export function stopLooking() {
  clearTimeout(timer);
  timer = null;
  running++;
  Object.assign(state, { status: null, samples: [], problem: null });
}

/** The status, the samples and the last problem, if there is one, as long as the component is there. */
export function useCluster() {
  const [seen, set] = useState({ ...state });
  useEffect(() => {
    set({ ...state });
    listeners.add(set);
    return () => listeners.delete(set);
  }, []);
  return seen;
}
