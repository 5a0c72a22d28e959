/** What is under way to whom. */
@NullMarked
package io.vmqtt.router.publish;

import org.jspecify.annotations.NullMarked;
