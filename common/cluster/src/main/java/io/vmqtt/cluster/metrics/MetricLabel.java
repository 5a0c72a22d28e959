package io.vmqtt.cluster.metrics;

/** What tells the series of a metric apart, and how many there can be. */
public enum MetricLabel {
  /** Of the gateway. */
  LISTENER("listener", "names of listeners: as many as are configured"),
  /** Whose limit on new connections it was. */
  OF_LIMIT("of", "`listener`, `address`"),
  /** A bound of a listener. */
  BOUND("bound", "`packet-size`, `keep-alive`, `topic`, `filters`, `subscriptions`"),
  /** Why a TLS handshake came to nothing. */
  HANDSHAKE_REASON(
      "reason",
      "`time-out`, `not-tls`, `closed` (by the client, on the way), `client-certificate` (none, or"
          + " not a good one), `refused-by-client` (it does not believe the certificate, for"
          + " example), `protocol`"),
  /** Of the cluster's own ports. */
  PORT("port", "`link`, `raft`, `http`"),
  /** Why a caller of such a port was sent away. */
  CALLER_REASON("reason", "`too-many`, `time-out`"),
  /** Why a datagram of QUIC was thrown away. */
  DATAGRAM_REASON(
      "reason",
      "`small` (for a first packet), `busy` (too many at once of clients that have moved, or first"
          + " packets while answers wait), `forged` (for another socket, with an identifier that"
          + " nobody has given), `unproven` (on the way to an address where nobody has shown that"
          + " he is, beyond three times what came from there)"),
  /** Of those alone that somebody has named: clients cannot make any. */
  NAMESPACE("namespace", "namespaces that `--namespaces` or a listener names"),
  /** What a namespace may have. */
  QUOTA("quota", "quotas of a namespace, by the names that the file of namespaces has for them"),
  /** What was decided about a client. */
  EVENT("event", "as in the [audit](authentication.md#who-came-in-and-what-was-refused)"),
  /** Why. */
  EVENT_REASON("reason", "as in the [audit](authentication.md#who-came-in-and-what-was-refused)"),
  /** What has changed. */
  OF_ACCESS(
      "of",
      "`access` (rules), `bans`, `namespaces`, `passwords`, `token-keys`, `certificates`,"
          + " `listeners`"),
  /** Who outside is asked. */
  METHOD("method", "ways to authenticate that ask outside: as many as are configured"),
  /** What is published to; only where an operator wants it. */
  TOPIC("topic", "at most ten topics at a time, their first 256 characters"),
  /** Of such a topic. */
  OF_TOPIC("namespace", "namespaces of those topics; empty for the nameless one"),
  /** Why there was no answer. */
  OUTSIDE_FAILURE("reason", "`failed`, `time-out`"),
  /** Why nobody was asked. */
  OUTSIDE_REFUSAL("reason", "`full` (too many waited), `down` (there were no answers lately)"),
  /** Kind of a link. */
  LINK("link", "`gateway-router`, `router-gateway`, `router-store`, `store-router`"),
  /** What is wrong. */
  ALARM("kind", "kinds of [alarms](admin.md#alarms)"),
  /** A thread. */
  LOOP("loop", "`router`, and each shard thread");

  private final String label;
  private final String values;

  MetricLabel(String label, String values) {
    this.label = label;
    this.values = values;
  }

  /** Its name. */
  public String label() {
    return label;
  }

  /** What it can be. */
  public String meaning() {
    return values;
  }
}
