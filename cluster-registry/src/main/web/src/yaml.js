/** JSON as YAML, in the way in which people write files. Without the document: tests run it by itself. */

/** What is text without quotes, whatever stands around it. */
const PLAIN = /^[A-Za-z][\w@+./#-]*$/;

/** Looks like text, and is something else to some who read YAML. */
const WORDS = /^(true|false|yes|no|on|off|null|y|n)$/i;

/** Ends of lines, and what is not to be seen: within quotes YAML has them as JSON has control characters. */
const UNSEEN = /[\u007f-\u009f\u2028\u2029\ufeff]/g;

const isTree = (value) => value !== null && typeof value === 'object';

/** What is null is not said: as a word it would be one. */
const said = (map) => Object.entries(map).filter(([, value]) => value !== null);

const isOnOneLine = (value) => !isTree(value) || (Array.isArray(value) ? !value.some(isTree) : said(value).length === 0);

function scalar(value) {
  if (typeof value !== 'string') {
    return String(value);
  }
  return PLAIN.test(value) && !WORDS.test(value) ? value : JSON.stringify(value).replace(UNSEEN, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function line(value) {
  if (!isTree(value)) {
    return scalar(value);
  }
  return Array.isArray(value) ? `[${value.map(scalar).join(', ')}]` : '{}';
}

function linesOf(value) {
  if (isOnOneLine(value)) {
    return [line(value)];
  }
  if (Array.isArray(value)) {
    return value.flatMap((one) => linesOf(one).map((text, index) => `${index === 0 ? '- ' : '  '}${text}`));
  }
  return said(value).flatMap(([name, one]) => (isOnOneLine(one) ? [`${scalar(name)}: ${line(one)}`] : [`${scalar(name)}:`, ...linesOf(one).map((text) => `  ${text}`)]));
}

/** A text that says the same. */
export const yaml = (value) => `${linesOf(value).join('\n')}\n`;
