/** What tests of the whole broker share. */
@NullMarked
package io.vmqtt.systemtests;

import org.jspecify.annotations.NullMarked;
