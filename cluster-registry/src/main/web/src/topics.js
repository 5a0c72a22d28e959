/**
 * The topics that messages came for, as a tree, with what came last and how many a second. Without the document: tests
 * run it by itself.
 */

/** Levels, further ones are not kept; how many messages came for those is. */
const MOST_TOPICS = 5_000;

/** Rates are of about so long. */
const WINDOW_MILLIS = 5_000;

class Level {
  constructor(name, topic) {
    this.name = name;
    this.topic = topic;
    this.children = new Map();
    this.count = 0; // of messages for it and for all below it
    this.own = 0;
    this.last = null;
    this.rate = 0;
    this.counted = 0; // when the rate was found last
  }
}

export class TopicTree {
  constructor() {
    this.root = new Level('', '');
    this.size = 0;
    this.leftOut = 0;
    this.at = null;
  }

  /** A message came. */
  add(message) {
    let level = this.root;
    level.count++;
    for (const name of message.topic.split('/')) {
      let next = level.children.get(name);
      if (!next) {
        if (this.size >= MOST_TOPICS) {
          this.leftOut++;
          return;
        }
        next = new Level(name, level === this.root ? name : `${level.topic}/${name}`);
        level.children.set(name, next);
        this.size++;
      }
      next.count++;
      level = next;
    }
    level.own++;
    level.last = message;
  }

  /** Finds the rates anew; `now` in milliseconds. What is not heard of any more goes to zero. */
  measure(now) {
    const seconds = this.at === null ? 0 : (now - this.at) / 1000;
    if (this.at !== null && seconds <= 0) {
      return;
    }
    const weight = Math.exp((-seconds * 1000) / WINDOW_MILLIS);
    const visit = (level) => {
      if (seconds > 0) {
        level.rate = level.rate * weight + ((level.count - level.counted) / seconds) * (1 - weight);
      }
      level.counted = level.count;
      level.children.forEach(visit);
    };
    visit(this.root);
    this.at = now;
  }

  /** The levels that are to be seen: those whose parents are all open, with how deep they are; in order. */
  rows(isOpen) {
    const found = [];
    const visit = (level, depth) => {
      for (const child of [...level.children.values()].sort((a, b) => (a.name < b.name ? -1 : 1))) {
        found.push({ level: child, depth });
        if (child.children.size > 0 && isOpen(child.topic)) {
          visit(child, depth + 1);
        }
      }
    };
    visit(this.root, 0);
    return found;
  }
}
