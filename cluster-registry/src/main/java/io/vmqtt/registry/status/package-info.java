/** What people ask of the cluster. */
@NullMarked
package io.vmqtt.registry.status;

import org.jspecify.annotations.NullMarked;
