/** Users of a directory that speaks LDAP. Pure. */
@NullMarked
package io.vmqtt.gateway.access.ldap;

import org.jspecify.annotations.NullMarked;
