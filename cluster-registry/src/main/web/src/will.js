/** A will in one line: all of it but what it says. */
import { bytes, duration } from './format.js';
import { t } from './text.js';

export function willText(will) {
  return [
    will.topic,
    `QoS ${will.qos}`,
    will.retain && t('will.retained'),
    bytes(will.payloadBytes),
    will.delaySeconds > 0 && t('will.delay', { delay: duration(will.delaySeconds) }),
  ]
    .filter(Boolean)
    .join(', ');
}
