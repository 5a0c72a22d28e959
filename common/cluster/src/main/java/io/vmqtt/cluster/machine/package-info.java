/** What the machine allows this process, and how the process speaks of what happens too often. */
@NullMarked
package io.vmqtt.cluster.machine;

import org.jspecify.annotations.NullMarked;
