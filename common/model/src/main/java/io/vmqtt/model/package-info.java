/** The words of MQTT as values: topics, filters, quality of service, reason codes, messages. */
@NullMarked
package io.vmqtt.model;

import org.jspecify.annotations.NullMarked;
