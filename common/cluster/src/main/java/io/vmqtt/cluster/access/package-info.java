/** What an operator says about access: who may publish and subscribe what. */
@NullMarked
package io.vmqtt.cluster.access;

import org.jspecify.annotations.NullMarked;
