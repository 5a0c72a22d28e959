package io.vmqtt.gateway.connection;

/**
 * What all parts of a connection go by, once it is accepted.
 *
 * @param agreed with the client
 * @param limits of its listener
 * @param client where packets go
 * @param cluster behind this gateway
 * @param may what the client may do
 * @param question what packets wait for
 */
record Terms(
    Agreement agreed,
    Limits limits,
    ClientOutput client,
    Cluster cluster,
    Authorizations may,
    OpenQuestion question) {

  boolean isVersion5() {
    return agreed.version() == ProtocolVersion.V5;
  }
}
