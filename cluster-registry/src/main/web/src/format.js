/** Numbers, times and payloads as people read them. Without the document: tests run it by itself. */

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
const FOR_EVER = 4294967295;

export const number = (value) => (value === null || value === undefined ? '–' : Math.round(value).toLocaleString('en').replaceAll(',', ' '));

/** Of something per second: small ones with a digit behind the point. */
export const rate = (value) => (value === null || value === undefined ? '–' : value > 0 && value < 10 ? value.toFixed(1) : number(value));

export function bytes(value) {
  let unit = 0;
  let left = value;
  while (left >= 1024 && unit < UNITS.length - 1) {
    left /= 1024;
    unit++;
  }
  return `${unit === 0 ? left : left.toFixed(left < 10 ? 1 : 0)} ${UNITS[unit]}`;
}

/** Seconds, in the two largest units: "3 d 4 h". */
export function duration(seconds) {
  const parts = [
    [Math.floor(seconds / 86400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [Math.floor(seconds) % 60, 's'],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  return first < 0
    ? '0 s'
    : parts
        .slice(first, first + 2)
        .filter(([count]) => count > 0)
        .map(([count, unit]) => `${count} ${unit}`)
        .join(' ');
}

/** Since a moment, in ISO-8601. */
export const since = (moment, now = Date.now()) => (moment ? duration(Math.max(0, (now - Date.parse(moment)) / 1000)) : '–');

export const moment = (iso) => (iso ? iso.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC') : '–');

/** A session expiry interval; `forever` is what the longest is called. */
export const expiry = (seconds, forever) => (seconds === FOR_EVER ? forever : duration(seconds));

/** The bytes of base64. */
export const decoded = (base64) => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));

/** Bytes as text where they are UTF-8 without control characters, else as hexadecimal; at most `most` of them. */
export function payload(content, most = 4096) {
  const shown = content.subarray(0, most);
  const cut = content.length > shown.length ? '…' : '';
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(shown, { stream: cut !== '' });
    if (!/[\u0000-\u0008\u000e-\u001f\u007f]/.test(text)) {
      return { text: text + cut, binary: false };
    }
  } catch {
    // no text, then
  }
  return { text: Array.from(shown, (byte) => byte.toString(16).padStart(2, '0')).join(' ') + cut, binary: true };
}

/** What to search ids by: the text anywhere in them, unless somebody has put stars himself. */
export const pattern = (text) => (text === '' ? null : text.includes('*') ? text : `*${text}*`);
