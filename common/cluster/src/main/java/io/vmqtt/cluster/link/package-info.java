/**
 * Links: one long-lived bidirectional stream between two processes, carrying batches and their
 * acks.
 */
@NullMarked
package io.vmqtt.cluster.link;

import org.jspecify.annotations.NullMarked;
