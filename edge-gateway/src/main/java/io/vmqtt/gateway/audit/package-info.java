/** What access control has decided, for those who have to know later. Pure. */
@NullMarked
package io.vmqtt.gateway.audit;

import org.jspecify.annotations.NullMarked;
