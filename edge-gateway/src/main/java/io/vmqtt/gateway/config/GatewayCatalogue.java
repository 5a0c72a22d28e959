package io.vmqtt.gateway.config;

import io.vmqtt.cluster.metrics.Metric;
import io.vmqtt.cluster.metrics.MetricCatalogue;
import io.vmqtt.cluster.metrics.MetricLabel;
import java.util.List;

/** What a gateway measures. */
public final class GatewayCatalogue implements MetricCatalogue {
  private static final List<Metric> ALL =
      List.of(
          Metric.gauge("vmqtt.gateway.connections", "open connections", MetricLabel.LISTENER),
          Metric.gauge(
                  "vmqtt.gateway.early.bytes",
                  "what clients sent and waits for the answer to CONNECT, or for access control,"
                      + " and CONNECTs of clients that have not proved yet who they are")
              .inBytes(),
          Metric.counter(
                  "vmqtt.gateway.connections.refused",
                  "connections closed at once: there were too many",
                  MetricLabel.LISTENER)
              .watchedBy("ConnectionsRefused"),
          Metric.counter(
              "vmqtt.gateway.connections.too.fast",
              "connections closed at once: they came faster than the listener takes them",
              MetricLabel.LISTENER,
              MetricLabel.OF_LIMIT),
          Metric.counter(
              "vmqtt.gateway.beyond.bounds",
              "packets, topics, subscriptions and silences beyond a bound of a listener",
              MetricLabel.BOUND),
          Metric.counter(
                  "vmqtt.gateway.accepts.failed",
                  "attempts to accept a connection that failed, as without descriptors to spare",
                  MetricLabel.LISTENER)
              .watchedBy("AcceptsFailing"),
          Metric.gauge(
              "vmqtt.gateway.bans",
              "bans of clients, users and addresses, those that have ended among them"),
          Metric.counter(
              "vmqtt.gateway.banned", "connections that were ended, or not let begin, for a ban"),
          Metric.counter(
              "vmqtt.gateway.held.off",
              "addresses, users and clients that guessed, or came, too often"),
          Metric.counter(
              "vmqtt.gateway.held.off.connects",
              "CONNECTs refused because their client was held off"),
          Metric.gauge(
              "vmqtt.gateway.held.off.unwritten",
              "those held off whom the cluster does not know yet"),
          Metric.counter(
              "vmqtt.gateway.held.off.pardoned",
              "hold-offs that the gateway knew of, and an operator took back"),
          Metric.counter(
              "vmqtt.gateway.tls.handshakes",
              "TLS handshakes that succeeded",
              MetricLabel.LISTENER),
          Metric.counter(
              "vmqtt.gateway.tls.handshakes.failed",
              "TLS handshakes that came to nothing",
              MetricLabel.LISTENER,
              MetricLabel.HANDSHAKE_REASON),
          Metric.gauge(
              "vmqtt.gateway.tls.handshakes.under.way",
              "TLS handshakes that have begun, and not ended"),
          Metric.counter(
              "vmqtt.gateway.tls.handshakes.refused",
              "connections closed at once: too many handshakes were under way"),
          Metric.gauge(
                  "vmqtt.gateway.tls.certificate.seconds",
                  "until the listener's certificate expires; negative: since it has",
                  MetricLabel.LISTENER)
              .inSeconds()
              .watchedBy("ListenerCertificateExpires"),
          Metric.counter(
              "vmqtt.gateway.quic.addresses.asked",
              "first packets of QUIC answered with a token, to be brought back",
              MetricLabel.LISTENER),
          Metric.counter(
              "vmqtt.gateway.quic.streams",
              "streams that clients of QUIC have opened beside their first",
              MetricLabel.LISTENER),
          Metric.counter(
              "vmqtt.gateway.quic.connections.moved",
              "times that a connection of QUIC went on from another address",
              MetricLabel.LISTENER),
          Metric.counter(
              "vmqtt.gateway.quic.datagrams.dropped",
              "datagrams of QUIC thrown away",
              MetricLabel.LISTENER,
              MetricLabel.DATAGRAM_REASON),
          Metric.counter(
              "vmqtt.gateway.proxy.headers.refused",
              "connections of proxies closed: no header of the PROXY protocol came, or a wrong one",
              MetricLabel.LISTENER),
          Metric.gauge(
              "vmqtt.gateway.namespace.connections",
              "clients of a namespace that are connected here",
              MetricLabel.NAMESPACE),
          Metric.counter(
              "vmqtt.gateway.namespace.publishes",
              "publishes of clients of a namespace, within its quotas",
              MetricLabel.NAMESPACE),
          Metric.counter(
              "vmqtt.gateway.namespace.deliveries",
              "messages sent to clients of a namespace, within its quotas",
              MetricLabel.NAMESPACE),
          Metric.counter(
              "vmqtt.gateway.namespace.refused",
              "connections and messages beyond the quotas of a namespace",
              MetricLabel.NAMESPACE,
              MetricLabel.QUOTA),
          Metric.counter(
              "vmqtt.gateway.system.events.dropped",
              "clients that came or went, of which"
                  + " [`$SYS`](admin.md#what-clients-can-subscribe-sys) did not tell: there were"
                  + " more than 1,000 in a second"),
          Metric.counter("vmqtt.gateway.publishes", "publishes of clients"),
          Metric.counter(
              "vmqtt.gateway.publishes.denied", "publishes that access control did not allow"),
          Metric.counter(
              "vmqtt.gateway.subscriptions.denied",
              "subscriptions that access control did not allow, or does not allow any more"),
          Metric.counter(
              "vmqtt.gateway.deliveries.denied",
              "messages in queues of persistent sessions that access control did not allow any"
                  + " more: they were not delivered"),
          Metric.counter(
              "vmqtt.gateway.access.decisions",
              "what was decided about clients, but for publishes and subscriptions that were"
                  + " granted",
              MetricLabel.EVENT,
              MetricLabel.EVENT_REASON),
          Metric.counter(
              "vmqtt.gateway.audit.left.out",
              "events that the audit file does without, as too many were of one address, with"
                  + " `--audit`"),
          Metric.counter(
                  "vmqtt.gateway.audit.dropped",
                  "events that the audit file lacks, as they came faster than the disk took them,"
                      + " or it could not be written")
              .watchedBy("AuditIncomplete"),
          Metric.counter(
              "vmqtt.gateway.credentials.checked",
              "passwords whose hash was computed, and tokens; not passwords that were right"
                  + " before"),
          Metric.gauge(
              "vmqtt.gateway.credentials.waiting",
              "passwords and tokens that wait to be checked, and rules of clients' own that wait to"
                  + " be compiled"),
          Metric.counter(
              "vmqtt.gateway.credentials.refused",
              "passwords and tokens that were not checked, because too many waited: 0x89"),
          Metric.counter(
                  "vmqtt.gateway.access.failures",
                  "questions to access control that failed, or had no answer in time: the answer is"
                      + " no")
              .watchedBy("AccessControlFails"),
          Metric.counter(
              "vmqtt.gateway.access.changes",
              "what decides who may do what, and the gateway took over",
              MetricLabel.OF_ACCESS),
          Metric.gauge(
              "vmqtt.gateway.own.rules",
              "different rules of clients' own that are kept compiled for clients that come"),
          Metric.gauge(
                  "vmqtt.gateway.own.rules.bytes",
                  "about how many bytes of memory rules of clients' own take")
              .inBytes(),
          Metric.counter(
              "vmqtt.gateway.own.rules.compiled", "how often rules of clients' own were compiled"),
          Metric.counter(
              "vmqtt.gateway.token.keys.read",
              "how often the keys of `--token-keys-url` were read"),
          Metric.counter(
              "vmqtt.gateway.token.keys.failed",
              "how often the keys of `--token-keys-url` could not be read"),
          Metric.gauge(
                  "vmqtt.gateway.token.keys.seconds",
                  "since the keys of `--token-keys-url` were read last; of several addresses, the"
                      + " longest")
              .inSeconds()
              .watchedBy("TokenKeysOld"),
          Metric.gauge(
              "vmqtt.gateway.operator.subscribers",
              "operators who hear messages by this gateway as they come"),
          Metric.counter(
              "vmqtt.gateway.operator.messages.left.out",
              "messages that operators subscribed to, and read too slowly"),
          Metric.gauge(
              "vmqtt.gateway.spans.waiting",
              "spans of traced messages that wait for `--otlp-endpoint`"),
          Metric.counter(
              "vmqtt.gateway.spans.dropped",
              "spans of traced messages that `--otlp-endpoint` did not take"),
          Metric.gauge("vmqtt.gateway.traces", "traces that clients are written down for"),
          Metric.latency(
              "vmqtt.gateway.outside.asked",
              "questions to somebody outside about a client, such as `--http-auth-url`, and how"
                  + " long they took",
              MetricLabel.METHOD),
          Metric.counter(
                  "vmqtt.gateway.outside.failed",
                  "questions to somebody outside about a client that had no answer of use: it was"
                      + " refused",
                  MetricLabel.METHOD,
                  MetricLabel.OUTSIDE_FAILURE)
              .watchedBy("OutsideFails"),
          Metric.counter(
              "vmqtt.gateway.outside.refused",
              "questions to somebody outside about a client that were not asked: it was refused",
              MetricLabel.METHOD,
              MetricLabel.OUTSIDE_REFUSAL),
          Metric.gauge(
              "vmqtt.gateway.outside.under.way",
              "questions to somebody outside about clients that have no answer yet",
              MetricLabel.METHOD),
          Metric.gauge(
              "vmqtt.gateway.outside.waiting",
              "questions to somebody outside that wait until fewer are under way",
              MetricLabel.METHOD),
          Metric.gauge(
              "vmqtt.gateway.top.topics",
              "with `--top-metrics`: messages in a second to each of the ten topics that get the"
                  + " most, counted for two seconds of ten. Topics that are no longer among them"
                  + " go",
              MetricLabel.OF_TOPIC,
              MetricLabel.TOPIC),
          Metric.counter("vmqtt.gateway.deliveries", "messages given to transient sessions"),
          Metric.counter(
              "vmqtt.gateway.pushes", "messages that shards pushed, for persistent sessions"),
          Metric.counter(
                  "vmqtt.gateway.shed",
                  "QoS 0 messages dropped: a client too slow, or no router and too much waiting")
              .watchedBy("MessagesShed"),
          Metric.counter(
              "vmqtt.gateway.left.dropped",
              "messages that transient members of share groups left when they vanished, and no"
                  + " other member took"),
          Metric.gauge(
                  "vmqtt.gateway.waiting.bytes", "what waits for clients, in queues and in sockets")
              .inBytes(),
          Metric.counter(
                  "vmqtt.gateway.slow.clients",
                  "clients disconnected because too much waited for them")
              .watchedBy("SlowClients"),
          Metric.counter(
              "vmqtt.gateway.failed.writes",
              "packets that could not be written; each ended its connection"),
          Metric.counter(
              "vmqtt.gateway.duplicates",
              "QoS 2 messages that came again after a retry and were not delivered again"),
          Metric.latency(
              "vmqtt.gateway.connect",
              "from CONNECT to CONNACK, of clients that were let in: access control and the"
                  + " session"),
          Metric.latency(
              "vmqtt.gateway.authentication",
              "from CONNECT until access control had decided about the client, or it was refused"
                  + " before"),
          Metric.latency(
                  "vmqtt.gateway.publish.acknowledge",
                  "from the publish of a client, of QoS 1 or 2, until the cluster has it safe and"
                      + " PUBACK or PUBREC leaves. Sampled: of each event loop, one in a"
                      + " millisecond at the most")
              .watchedBy("AcknowledgementsSlow"),
          Metric.latency(
              "vmqtt.gateway.publish.delivery",
              "from the publish of a client until the gateway of a subscriber has given it to the"
                  + " connections of transient sessions; queues of persistent sessions are not in"
                  + " it. By the clocks of both machines. Sampled: of each event loop of the"
                  + " publisher's gateway, one in a millisecond at the most"));

  @Override
  public List<Metric> metrics() {
    return ALL;
  }
}
