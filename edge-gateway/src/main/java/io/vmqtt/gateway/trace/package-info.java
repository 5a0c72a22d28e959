/**
 * Writes down what passes between this gateway and some of its clients, while somebody has asked
 * for it. A handler is put into the channels of those clients alone: where nothing is traced, there
 * is nothing on the way of a packet.
 */
@NullMarked
package io.vmqtt.gateway.trace;

import org.jspecify.annotations.NullMarked;
