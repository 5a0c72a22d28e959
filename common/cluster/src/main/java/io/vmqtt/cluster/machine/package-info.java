/** What the machine allows this process. */
@NullMarked
package io.vmqtt.cluster.machine;

import org.jspecify.annotations.NullMarked;
