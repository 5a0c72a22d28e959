/** What operators can ask of a node, and have it do: the words, which no transport is part of. */
@NullMarked
package io.vmqtt.cluster.operation;

import org.jspecify.annotations.NullMarked;
