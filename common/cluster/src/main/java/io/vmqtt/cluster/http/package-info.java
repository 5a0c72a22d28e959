/** TLS of the ports for health, status and metrics, and how the processes ask each other there. */
@NullMarked
package io.vmqtt.cluster.http;

import org.jspecify.annotations.NullMarked;
