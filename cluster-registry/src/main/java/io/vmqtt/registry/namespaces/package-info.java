/** What an operator says about namespaces, on its way to the whole cluster. */
@NullMarked
package io.vmqtt.registry.namespaces;

import org.jspecify.annotations.NullMarked;
