/**
 * {@code /api/v1}: what operators see of the whole cluster, and have it do. Nothing is kept here:
 * each question goes on to the nodes that know, and what they say is put together.
 */
@NullMarked
package io.vmqtt.registry.admin;

import org.jspecify.annotations.NullMarked;
