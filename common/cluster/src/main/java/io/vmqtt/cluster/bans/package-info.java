/**
 * Who is kept out of the cluster, for good or for a while, as facts of it; and who is let in again.
 */
@NullMarked
package io.vmqtt.cluster.bans;

import org.jspecify.annotations.NullMarked;
