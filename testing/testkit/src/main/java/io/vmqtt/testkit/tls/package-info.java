/** Certificates for tests. */
@NullMarked
package io.vmqtt.testkit.tls;

import org.jspecify.annotations.NullMarked;
