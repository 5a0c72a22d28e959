/** What a process tells of its own inside: its log, its threads, its memory, its machine. */
@NullMarked
package io.vmqtt.cluster.inspection;

import org.jspecify.annotations.NullMarked;
