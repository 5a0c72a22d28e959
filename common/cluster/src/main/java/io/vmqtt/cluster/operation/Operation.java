package io.vmqtt.cluster.operation;

/**
 * Something that operators ask of one node, or have it do. Questions and answers are records that
 * Jackson reads and writes as they are; a node ignores fields that it does not know.
 *
 * @param name one word, in paths
 * @param question what is sent
 * @param answer what comes back
 */
public record Operation<Q, A>(String name, Class<Q> question, Class<A> answer) {}
