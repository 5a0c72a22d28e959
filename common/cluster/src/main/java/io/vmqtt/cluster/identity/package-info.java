/** How processes of a cluster prove to each other what they are, and who may talk to whom. */
@NullMarked
package io.vmqtt.cluster.identity;

import org.jspecify.annotations.NullMarked;
