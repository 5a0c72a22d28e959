/** Which of the registries leads. */
@NullMarked
package io.vmqtt.registry.membership;

import org.jspecify.annotations.NullMarked;
