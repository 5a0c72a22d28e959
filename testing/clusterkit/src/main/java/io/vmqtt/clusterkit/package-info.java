/** What the tests of the services share of the cluster. */
@NullMarked
package io.vmqtt.clusterkit;

import org.jspecify.annotations.NullMarked;
