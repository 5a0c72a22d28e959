package io.vmqtt.gateway.audit;

/**
 * What clients may do, or who is kept out, is said anew. By whom, no gateway knows.
 *
 * @param fact what it is about, such as {@code access}
 * @param version that is in force from here on
 * @param count how many rules, bans or namespaces it has
 */
public record FactChange(String fact, long version, int count) {}
