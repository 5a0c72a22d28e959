/** What an operator says about access, on its way to the whole cluster. */
@NullMarked
package io.vmqtt.registry.access;

import org.jspecify.annotations.NullMarked;
