package io.vmqtt.gateway.connection;

/**
 * A message that the member of a share group gets in its turn. If the member vanishes first,
 * another may get it: section 4.8.2.
 *
 * @param bytes what it costs to keep
 * @param toAnother gives it to another member, if there is one
 * @param done is run where nobody else is to get it any more
 */
public record SharedMessage(int bytes, Runnable toAnother, Runnable done) {}
