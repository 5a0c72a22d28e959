package io.vmqtt.cluster.operation;

/**
 * What an operator did, or tried to.
 *
 * @param registry the id of the one that was asked
 * @param number of this registry since its start, from 1 on
 * @param time ISO-8601, in milliseconds, never before that of the number before
 * @param allowed whether he may
 * @param operator who; what he says that he is behind a question mark, a dash where he says nothing
 * @param from his address
 * @param method of HTTP
 * @param request its target; the beginning of a long one
 * @param status what he was answered
 */
public record Deed(
    String registry,
    long number,
    String time,
    boolean allowed,
    String operator,
    String from,
    String method,
    String request,
    int status) {

  /** Where it stands among all. */
  public DeedPlace place() {
    return new DeedPlace(time, registry, number);
  }
}
