/**
 * Certificates and keys in files: reading them, seeing whether they go together, following them.
 */
@NullMarked
package io.vmqtt.cluster.tls;

import org.jspecify.annotations.NullMarked;
