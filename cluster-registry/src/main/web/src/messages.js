/** One message, as lists show it. */
import { tags } from './dom.js';
import { bytes, decoded, payload } from './format.js';
import { t } from './text.js';

const { div, pre, span } = tags;

/** What is said of it, and what it says, if that is known. `payload` is base64, or bytes. */
export function MessageRow({ message, note }) {
  const content = message.payload === null ? null : typeof message.payload === 'string' ? decoded(message.payload) : message.payload;
  const shown = content === null ? null : payload(content);
  return div(
    { class: 'message' },
    div(
      { class: 'about' },
      span({ class: 'mono topic' }, message.topic),
      span({ class: 'chip' }, `QoS ${message.qos}`),
      message.retain ? span({ class: 'chip' }, t('message.retained')) : null,
      message.contentType ? span({ class: 'chip' }, message.contentType) : null,
      shown?.binary ? span({ class: 'chip' }, t('message.binary')) : null,
      span({ class: 'faint' }, bytes(message.bytes ?? content?.length ?? 0)),
      note ? span({ class: 'faint' }, note) : null,
    ),
    shown === null ? null : shown.text === '' ? div({ class: 'faint' }, t('message.empty')) : pre(null, shown.text),
    (message.userProperties ?? []).length > 0 ? div({ class: 'faint mono' }, message.userProperties.map(([name, value]) => `${name}: ${value}`).join(', ')) : null,
  );
}
