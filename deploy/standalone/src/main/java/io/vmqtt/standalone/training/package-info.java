/** A broker at work for the JVM to watch: what it learns of it makes later starts fast. */
@NullMarked
package io.vmqtt.standalone.training;

import org.jspecify.annotations.NullMarked;
