/** Who is kept out before it is asked who he is, or though he has proved it. Pure. */
@NullMarked
package io.vmqtt.gateway.access.bans;

import org.jspecify.annotations.NullMarked;
