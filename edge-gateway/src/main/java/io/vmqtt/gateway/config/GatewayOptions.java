package io.vmqtt.gateway.config;

import io.vmqtt.cluster.option.Option;
import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.cluster.option.OptionGroup;
import io.vmqtt.cluster.option.OptionType;
import io.vmqtt.cluster.option.OptionValues;
import io.vmqtt.gateway.access.CertificateUsers;
import io.vmqtt.gateway.access.ClientIds;
import io.vmqtt.gateway.config.AccessMethods.CertificateUser;
import io.vmqtt.gateway.connection.DeniedPublishes;
import io.vmqtt.gateway.connection.Limits;
import io.vmqtt.gateway.connection.TopicLimits;
import io.vmqtt.model.Utf8String;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/** What an operator can set for a gateway. */
public final class GatewayOptions {
  private static final OptionGroup GROUP = new OptionGroup("vmqtt.gateway.");
  private static final int MOST_OF_16_BITS = 65_535;
  private static final OptionType<Integer> OF_16_BITS = OptionType.count(1, MOST_OF_16_BITS);
  private static final OptionType<Integer> OF_A_TOPIC = OptionType.count(1, Utf8String.MAX_BYTES);
  private static final OptionType<Duration> TIME =
      OptionType.time(Duration.ofMillis(100), Duration.ofHours(1));
  private static final OptionType<Long> PART_OF_MEMORY = OptionType.orZero(OptionType.bytes(1));
  private static final int LEAST_PACKET_BYTES = 1 << 10;
  private static final String EVERY_ADDRESS = "0.0.0.0";
  private static final String THIS_MACHINE = "127.0.0.1";

  /** So that a packet, and what the cluster adds to it, is well below what a link carries. */
  private static final int MOST_PACKET_BYTES = 32 << 20;

  public static final Option<Integer> PORT =
      GROUP.option("port", OptionType.port(), "1883", "Port for MQTT over TCP, 0 for any free one");
  static final Option<String> HOST =
      GROUP.derived(
          "host",
          OptionType.text("ADDRESS"),
          "every one; 127.0.0.1 while nothing says who may come in",
          "Address to listen on for MQTT");
  static final Option<Path> PASSWORDS =
      GROUP.derived(
          "passwords",
          OptionType.path("FILE"),
          "none",
          "Users who may come in, a file that \"vmqtt passwd\" writes; read again when it changes");
  static final Option<CertificateUsers.Part> CERTIFICATE_USER =
      GROUP.derived(
          "certificate-user",
          OptionType.choice(CertificateUsers.Part.class),
          "none",
          "What of a client's certificate is its user name: whoever shows one may come in");
  static final Option<String> CERTIFICATE_PATTERN =
      GROUP.option(
          "certificate-pattern",
          OptionType.text("REGEX"),
          ".+",
          "What that has to look like; its first group, if there is one, is the user name");
  static final Option<String> CLIENT_IDS =
      GROUP.derived(
          "client-ids",
          OptionType.text("PATTERN"),
          "any",
          "Client ids that a user may have: %u is the user name, * anything");
  static final Option<Boolean> ALLOW_ANONYMOUS =
      GROUP.option(
          "allow-anonymous",
          OptionType.flag(),
          "false",
          "Whether whoever names no user may come in");
  static final Option<Integer> EVENT_LOOPS =
      GROUP.option(
          "event-loops",
          OptionType.count(0, 256),
          "0",
          "Threads for connections, 0 for as many as there are processors");
  static final Option<Integer> MAX_CONNECTIONS =
      GROUP.option(
          "max-connections",
          OptionType.count(0),
          "0",
          "Connections, further ones are closed as they come; 0 for as many as ulimit -n allows");
  static final Option<Integer> MAX_CONNECT_RATE =
      GROUP.option(
          "max-connect-rate",
          OptionType.count(0),
          "0",
          "New connections of a listener in a second, further ones are closed as they come; 0 for"
              + " any number");
  static final Option<Integer> MAX_ADDRESS_CONNECT_RATE =
      GROUP.option(
          "max-address-connect-rate", OptionType.count(0), "0", "The same of one address there");
  static final Option<Integer> MAX_HANDSHAKES =
      GROUP.option(
          "max-handshakes",
          OptionType.count(1),
          "1000",
          "TLS handshakes under way, further connections are closed as they come");
  static final Option<Long> MAX_PACKET_SIZE =
      GROUP.option(
          "max-packet-size",
          OptionType.bytes(LEAST_PACKET_BYTES, MOST_PACKET_BYTES),
          "1M",
          "Largest packet of a client");
  static final Option<Integer> RECEIVE_MAXIMUM =
      GROUP.option(
          "receive-maximum",
          OF_16_BITS,
          "1024",
          "QoS 1 and 2 publishes of a client that may be unacknowledged");
  static final Option<Integer> MAX_IN_FLIGHT =
      GROUP.option(
          "max-in-flight",
          OF_16_BITS,
          "1024",
          "QoS 1 and 2 deliveries to a client that may be unacknowledged, if it allows as many");
  static final Option<Integer> MAX_QUEUED_MESSAGES =
      GROUP.option(
          "max-queued-messages",
          OptionType.count(0),
          "10000",
          "Further deliveries held back for a session that ends with its connection");
  static final Option<Long> MAX_QUEUED_BYTES =
      GROUP.option(
          "max-queued-bytes",
          PART_OF_MEMORY,
          "0",
          "And their bytes; 0 for half of --client-memory, at most 64M");
  static final Option<Long> CLIENT_MEMORY =
      GROUP.option(
          "client-memory",
          PART_OF_MEMORY,
          "0",
          "What may be held for all clients together; 0 for a quarter of the memory");
  static final Option<Integer> TOPIC_ALIAS_MAXIMUM =
      GROUP.option(
          "topic-alias-maximum",
          OptionType.count(0, MOST_OF_16_BITS),
          "32",
          "Topic aliases that a client may use");
  static final Option<Integer> MAX_TOPIC_LEVELS =
      GROUP.option("max-topic-levels", OF_A_TOPIC, "200", "Levels of a topic name or filter");
  static final Option<Integer> MAX_TOPIC_BYTES =
      GROUP.option("max-topic-bytes", OF_A_TOPIC, "65535", "Bytes of a topic name or filter");
  static final Option<Integer> MAX_FILTERS =
      GROUP.option("max-filters", OptionType.count(1), "20000", "Topic filters in a SUBSCRIBE");
  static final Option<Integer> MAX_SUBSCRIPTIONS =
      GROUP.option("max-subscriptions", OptionType.count(1), "20000", "Subscriptions of a session");
  static final Option<DeniedPublishes> DENIED_PUBLISHES =
      GROUP.option(
          "denied-publishes",
          OptionType.choice(DeniedPublishes.class),
          "CLOSE",
          "What comes of a QoS 1 or 2 publish that an MQTT 3.1.1 client is not allowed");
  static final Option<Duration> MAX_KEEP_ALIVE =
      GROUP.option(
          "max-keep-alive",
          OptionType.time(Duration.ZERO, Duration.ofSeconds(MOST_OF_16_BITS)),
          "0s",
          "Longest keep alive, in whole seconds; 0s for no limit");
  static final Option<Long> MAX_UNANSWERED_BYTES =
      GROUP.option(
          "max-unanswered-bytes",
          PART_OF_MEMORY,
          "0",
          "QoS 1 and 2 publishes that may be unanswered per event loop, beyond it reading stops;"
              + " 0 for a part of --client-memory, at most 32M");
  static final Option<Duration> CONNECT_TIMEOUT =
      GROUP.option(
          "connect-timeout",
          TIME,
          "10s",
          "From the opening of a connection to its CONNECT, and again to its CONNACK");
  static final Option<Duration> FAILURE_DETECTION =
      GROUP.option(
          "failure-detection", TIME, "3s", "How long SUBACK waits for a router out of reach");
  public static final Option<Duration> SYS_INTERVAL =
      GROUP.option(
          "sys-interval",
          OptionType.time(Duration.ZERO, Duration.ofHours(1)),
          "10s",
          "How often clients that subscribe $SYS/broker/# hear of figures that have changed; 0s for"
              + " never");

  /** Asked for by whoever starts a gateway. */
  public static final Option<Boolean> TOP_METRICS =
      GROUP.option(
          "top-metrics",
          OptionType.flag(),
          "false",
          "Tell the ten busiest topics as metrics; whoever reads those sees them");

  static final Option<Boolean> LOG_CONNECTIONS =
      GROUP.option(
          "log-connections", OptionType.flag(), "false", "Log who comes, and who goes and why");

  static final Option<Path> AUDIT =
      GROUP.derived(
          "audit",
          OptionType.path("FILE"),
          "none",
          "Who was let in, who was not, and what was refused: a line of JSON for each");
  static final Option<Long> AUDIT_BYTES =
      GROUP.option(
          "audit-bytes",
          OptionType.bytes(64 << 10, 16L << 30),
          "64M",
          "Size at which that file is renamed to FILE.1, FILE.1 to FILE.2, and so on");
  static final Option<Integer> AUDIT_FILES =
      GROUP.option(
          "audit-files", OptionType.count(1, 20), "8", "How many of those renamed are kept");

  static final Option<String> LISTENERS =
      GROUP.derived(
          "listeners",
          OptionType.text("LIST"),
          "none",
          "Further addresses to listen on, NAME=HOST:PORT and what differs there, with ; between");

  static final Option<Path> LISTENERS_FILE =
      GROUP.derived(
          "listeners-file",
          OptionType.path("FILE"),
          "none",
          "The same in a file, in YAML: they come, change and go with it while the gateway runs");

  /** What can differ from one listener to the next, beside tokens and what is asked outside. */
  static final List<Option<?>> OF_LISTENERS =
      List.of(
          PASSWORDS,
          CERTIFICATE_USER,
          CERTIFICATE_PATTERN,
          CLIENT_IDS,
          ALLOW_ANONYMOUS,
          MAX_CONNECTIONS,
          MAX_CONNECT_RATE,
          MAX_ADDRESS_CONNECT_RATE,
          MAX_PACKET_SIZE,
          RECEIVE_MAXIMUM,
          MAX_IN_FLIGHT,
          MAX_QUEUED_MESSAGES,
          MAX_QUEUED_BYTES,
          TOPIC_ALIAS_MAXIMUM,
          MAX_TOPIC_LEVELS,
          MAX_TOPIC_BYTES,
          MAX_FILTERS,
          MAX_SUBSCRIPTIONS,
          DENIED_PUBLISHES,
          MAX_KEEP_ALIVE);

  private GatewayOptions() {}

  /** All that a gateway can be told. */
  public static List<Option<?>> all() {
    return Stream.of(
            GROUP.all(),
            TokenOptions.all(),
            OutsideOptions.all(),
            HoldOffOptions.all(),
            SpanOptions.all())
        .flatMap(List::stream)
        .toList();
  }

  /** As the gateway takes it. */
  public static GatewayConfig config(OptionValues values) {
    int eventLoops = values.get(EVENT_LOOPS);
    long clientMemoryBytes =
        values.find(CLIENT_MEMORY).orElseGet(MemoryDefaults::clientMemoryBytes);
    AccessMethods methods = methods(values);
    String host = host(values);
    requireMethods(host, methods, HOST.property());
    List<ListenerConfig> listeners =
        values
            .find(LISTENERS)
            .map(text -> ListenerOptions.read(text, values, clientMemoryBytes))
            .orElse(List.of());
    ListenersFile file =
        values
            .find(LISTENERS_FILE)
            .map(path -> new ListenersFile(path, values, clientMemoryBytes, listeners))
            .orElse(null);
    return new GatewayConfig(
        host,
        values.get(PORT),
        eventLoops,
        limits(values, clientMemoryBytes),
        values.get(MAX_CONNECTIONS),
        values.get(MAX_HANDSHAKES),
        values
            .find(MAX_UNANSWERED_BYTES)
            .orElseGet(() -> MemoryDefaults.maxUnansweredBytes(clientMemoryBytes, eventLoops)),
        clientMemoryBytes,
        values.get(CONNECT_TIMEOUT),
        values.get(FAILURE_DETECTION),
        new LogConfig(
            values.get(LOG_CONNECTIONS),
            values.find(AUDIT).orElse(null),
            values.get(AUDIT_BYTES),
            values.get(AUDIT_FILES)),
        methods,
        file == null ? listeners : file.read(),
        rates(values),
        file);
  }

  /** The address that MQTT is listened for on. */
  public static String host(OptionValues values) {
    return values
        .find(HOST)
        .orElseGet(() -> methods(values).areSet() ? EVERY_ADDRESS : THIS_MACHINE);
  }

  static AccessMethods methods(OptionValues values) {
    String pattern = values.get(CERTIFICATE_PATTERN);
    try {
      var _ = Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw new OptionException(
          CERTIFICATE_PATTERN.property() + ": '" + pattern + "': " + e.getDescription());
    }
    return new AccessMethods(
        values.find(CERTIFICATE_USER).map(part -> new CertificateUser(part, pattern)).orElse(null),
        TokenOptions.tokens(values),
        values.find(PASSWORDS).orElse(null),
        values.get(ALLOW_ANONYMOUS),
        values.find(CLIENT_IDS).map(GatewayOptions::clientIds).orElse(null),
        OutsideOptions.methods(values));
  }

  private static ClientIds clientIds(String pattern) {
    try {
      return new ClientIds(pattern);
    } catch (IllegalArgumentException e) {
      throw new OptionException(CLIENT_IDS.property() + ": " + e.getMessage());
    }
  }

  /**
   * An address that others can reach needs to be told who may come in.
   *
   * @param as what to call it in a complaint
   * @throws OptionException if it is not
   */
  static void requireMethods(String host, AccessMethods methods, String as) {
    if (!methods.areSet() && !isThisMachine(host)) {
      throw new OptionException(
          as
              + ": others can reach "
              + host
              + ", and nothing says who may come in: give --passwords FILE, or let everybody in on"
              + " purpose with --allow-anonymous");
    }
  }

  private static boolean isThisMachine(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException _) {
      return false; // it may be when somebody listens there, and what it is then, nobody knows
    }
  }

  /** How fast connections may come. */
  static ConnectRates rates(OptionValues values) {
    return new ConnectRates(values.get(MAX_CONNECT_RATE), values.get(MAX_ADDRESS_CONNECT_RATE));
  }

  /** The bounds of a connection. */
  static Limits limits(OptionValues values, long clientMemoryBytes) {
    return new Limits(
        values.get(RECEIVE_MAXIMUM),
        values.get(MAX_IN_FLIGHT),
        values.get(MAX_QUEUED_MESSAGES),
        values
            .find(MAX_QUEUED_BYTES)
            .orElseGet(() -> MemoryDefaults.maxQueuedBytes(clientMemoryBytes)),
        values.get(TOPIC_ALIAS_MAXIMUM),
        (int) values.get(MAX_KEEP_ALIVE).toSeconds(),
        values.get(MAX_PACKET_SIZE).intValue(),
        new TopicLimits(
            values.get(MAX_TOPIC_LEVELS),
            values.get(MAX_TOPIC_BYTES),
            values.get(MAX_FILTERS),
            values.get(MAX_SUBSCRIPTIONS)),
        values.get(DENIED_PUBLISHES));
  }
}
