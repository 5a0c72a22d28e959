/** Which namespaces there are, and what each of them may have. */
@NullMarked
package io.vmqtt.cluster.namespaces;

import org.jspecify.annotations.NullMarked;
