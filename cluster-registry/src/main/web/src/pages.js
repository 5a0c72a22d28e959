/** A long list that is read page by page, as somebody scrolls. Without the document: tests run it by itself. */

/** Beyond that nobody scrolls: the list says that it is longer, and that a search helps. */
const MOST_ROWS = 200_000;

export class PagedList {
  /**
   * @param ask gives one page: { items, next, missing }, for a cursor (null: from the beginning) and a signal
   * @param changed called whenever there is something new to see
   */
  constructor(ask, changed) {
    this.ask = ask;
    this.changed = changed;
    this.items = [];
    this.next = null;
    this.missing = [];
    this.problem = null;
    this.loading = false;
    this.begun = false;
    this.abort = new AbortController();
  }

  get isFull() {
    return this.items.length >= MOST_ROWS;
  }

  get isDone() {
    return this.begun && this.next === null;
  }

  /** Reads the next page, unless one is being read or there is none. */
  async more() {
    if (this.loading || this.isDone || this.isFull || this.abort.signal.aborted) {
      return;
    }
    this.loading = true;
    this.problem = null;
    this.changed();
    try {
      const page = await this.ask(this.next, this.abort.signal);
      if (this.abort.signal.aborted) {
        return;
      }
      this.items = this.items.concat(page.items);
      this.next = page.next;
      this.missing = mergedMissing(this.missing, page.missing ?? []);
      this.begun = true;
    } catch (problem) {
      this.problem = this.abort.signal.aborted ? null : problem;
    }
    this.loading = false;
    this.changed();
  }

  /** Reads a short list anew, and shows it when it is there; of a long one somebody would lose his place. */
  async renew() {
    if (this.loading || this.next !== null || !this.begun) {
      return;
    }
    this.loading = true;
    try {
      const page = await this.ask(null, this.abort.signal);
      if (this.abort.signal.aborted) {
        return;
      }
      this.items = page.items;
      this.next = page.next;
      this.missing = page.missing ?? [];
      this.problem = null;
    } catch (problem) {
      this.problem = this.abort.signal.aborted ? null : problem;
    }
    this.loading = false;
    this.changed();
  }

  /** What comes from now on is for nobody. */
  close() {
    this.abort.abort();
  }
}

function mergedMissing(known, more) {
  const told = new Set(known.map((one) => one.node));
  return [...known, ...more.filter((one) => !told.has(one.node))];
}
