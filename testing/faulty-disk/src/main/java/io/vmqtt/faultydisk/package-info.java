/**
 * Disks that fail: what a process does to its files is written down, and from that what a disk has
 * when its power fails.
 */
@NullMarked
package io.vmqtt.faultydisk;

import org.jspecify.annotations.NullMarked;
