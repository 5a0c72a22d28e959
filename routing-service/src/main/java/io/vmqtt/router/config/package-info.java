/** What an operator can set. */
@NullMarked
package io.vmqtt.router.config;

import org.jspecify.annotations.NullMarked;
