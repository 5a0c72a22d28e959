/** Where clients come in: addresses that are listened on, each with its transport and limits. */
@NullMarked
package io.vmqtt.gateway.listener;

import org.jspecify.annotations.NullMarked;
