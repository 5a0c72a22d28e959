package io.vmqtt.router.routes;

/**
 * What stands in the tree under a filter. Sealed: who adds a kind has to say what a match does with
 * it.
 *
 * @param <D> destinations
 */
sealed interface Target<D> permits Origin, Origin.Full, ShareGroup {}
