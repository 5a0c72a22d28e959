/** What a trace has written down, as it comes. Without the document: tests run it by itself. */
import { bytes } from './format.js';

/** The latest are kept here; the gateways keep far fewer. */
const MOST_EVENTS = 20_000;
const NOT_FOUND = 404;

/** A list as tables show it; that it is done means that what is missing comes by itself, and not as somebody scrolls. */
export class TraceLog {
  /**
   * @param ask gives what is behind a cursor (null: from the beginning), for a signal
   * @param changed called whenever there is something new to see
   */
  constructor(ask, changed) {
    this.ask = ask;
    this.changed = changed;
    this.items = [];
    this.cursor = null;
    this.missing = [];
    this.problem = null;
    this.leftOut = 0;
    this.begun = false;
    this.isOver = false;
    this.isGone = false; // the gateways have forgotten it
    this.reading = null;
    this.abort = new AbortController();
  }

  get isDone() {
    return this.begun;
  }

  /** Reads what there is by now; who asks meanwhile waits for the same. */
  more() {
    this.reading ??= this.read().finally(() => {
      this.reading = null;
    });
    return this.reading;
  }

  async read() {
    try {
      for (let goesOn = !this.isGone; goesOn; ) {
        const page = await this.ask(this.cursor, this.abort.signal);
        if (this.abort.signal.aborted) {
          return;
        }
        goesOn = page.more;
        this.add(page);
        this.changed();
      }
    } catch (problem) {
      if (this.abort.signal.aborted) {
        return;
      }
      if (problem.status === NOT_FOUND) {
        this.forget();
      } else {
        this.problem = problem;
      }
      this.changed();
    }
  }

  add(page) {
    const all = this.items.concat(page.events);
    this.items = all.slice(-MOST_EVENTS);
    this.leftOut += page.leftOut + all.length - this.items.length;
    this.cursor = page.next;
    this.missing = page.missing;
    this.isOver = page.over;
    this.problem = null;
    this.begun = true;
  }

  /** There is no more of it than what is here. */
  forget() {
    this.begun = true;
    this.isOver = true;
    this.isGone = true;
    this.problem = null;
  }

  /** A line of JSON for each, as `vmqtt admin trace --output json` prints them. */
  lines() {
    return this.items.map((one) => `${JSON.stringify(one)}\n`);
  }

  /** What comes from now on is for nobody. */
  close() {
    this.abort.abort();
  }
}

const code = (value) => `0x${value.toString(16).padStart(2, '0').toUpperCase()}`;
const isError = (value) => value >= 0x80;

/** Facts that have words of their own, in the order in which they are told; null: not worth a word. */
const WORDS = {
  topic: () => null,
  filters: () => null,
  router: () => null,
  rule: () => null,
  allowed: (value) => (value ? null : 'allowed: false'),
  qos: (value) => `QoS ${value}`,
  payloadBytes: bytes,
  bytes,
  packetId: (value) => `#${value}`,
  reason: (value) => (value === 0 ? null : code(value)),
  reasons: (values) => values.map(code).join(' '),
};
const ORDER = Object.keys(WORDS);

/** The facts of a packet in a line: what it is about, and marks, of which some tell of trouble. */
export function told(facts) {
  const marks = Object.entries(facts)
    .sort(([a], [b]) => ORDER.indexOf(a) - ORDER.indexOf(b))
    .map(([name, value]) => {
      const text = name in WORDS ? WORDS[name](value) : value === true ? name : value === false ? null : `${name}: ${value}`;
      const isBad = name === 'allowed' || (name === 'reason' && isError(value)) || (name === 'reasons' && value.some(isError));
      return { text, isBad };
    });
  return { about: facts.topic ?? facts.filters?.join(', ') ?? '', marks: marks.filter((one) => one.text !== null) };
}
