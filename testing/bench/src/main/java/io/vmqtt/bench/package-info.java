/** The brokers that V-MQTT is compared with, each as a process of its own. */
@NullMarked
package io.vmqtt.bench;

import org.jspecify.annotations.NullMarked;
