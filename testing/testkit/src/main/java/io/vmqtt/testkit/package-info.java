/** What the tests of every module share. */
@NullMarked
package io.vmqtt.testkit;

import org.jspecify.annotations.NullMarked;
