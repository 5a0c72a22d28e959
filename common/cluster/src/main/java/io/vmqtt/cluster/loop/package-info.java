/** Threads that own state: everything about it happens on one of them, in turns. */
@NullMarked
package io.vmqtt.cluster.loop;

import org.jspecify.annotations.NullMarked;
