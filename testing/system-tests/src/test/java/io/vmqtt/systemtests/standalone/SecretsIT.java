package io.vmqtt.systemtests.standalone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.hivemq.client.mqtt.mqtt5.Mqtt5Client;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5ConnAckException;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.vmqtt.testkit.machine.Command;
import io.vmqtt.testkit.net.FreePorts;
import io.vmqtt.testkit.process.ServerProcess;
import io.vmqtt.testkit.tls.TestAuthority;
import io.vmqtt.testkit.tls.TestAuthority.Signed;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes whose every secret can be told, by a word or a key that is nowhere else, and all that
 * they say of themselves: log, status, metrics, help, and the command that one sees of them.
 */
class SecretsIT {
  /** An option whose file has something that nobody else is to know. */
  private static final Pattern SECRET =
      Pattern.compile(
          "--([a-z-]*(?:password|passphrase|token-file|headers|keys?|passwords))[= ]FILE");

  private static final TestAuthority AUTHORITY = new TestAuthority("authority");
  private static final String LISTENER_PASSPHRASE = "key-passphrase-file";

  private static final String HASH_BEGINS = "$pbkdf2-sha256$3$AAECAwQFBgcICQoL$";
  private static final String HASH = "aa6FIXq+W4F2OKlYzRdS61DCmcL7EPejq7NOH5tJJqA";

  @TempDir private Path folder;
  private final Set<String> markers = new LinkedHashSet<>();

  /** The options that are set, by the names of those whose files have secrets. */
  private final Map<String, String> secrets = new TreeMap<>();

  private final List<ServerProcess> processes = new ArrayList<>();
  private final List<HttpServer> servers = new ArrayList<>();

  @AfterEach
  void end() {
    processes.forEach(ServerProcess::kill);
    servers.forEach(server -> server.stop(0));
  }

  private String secret(String option) throws IOException {
    return secret(option, "%s");
  }

  /** A file with a word of its own in what is around it. */
  private String secret(String option, String around) throws IOException {
    String marker = "Marker" + (1_000 + markers.size()) + "of" + option.replace("-", "");
    markers.add(marker);
    String file =
        Files.writeString(folder.resolve(option), around.formatted(marker) + "\n").toString();
    secrets.put(option, file);
    return file;
  }

  /** A key that is encrypted with what the file of an option has; its text is a secret, too. */
  private String key(String option, String passphraseOption, Signed signed) throws Exception {
    Path plain = signed.keyTo(folder.resolve(option + ".plain"));
    markers.add(Files.readString(plain).lines().skip(1).findFirst().orElseThrow());
    Path encrypted = folder.resolve(option);
    Command.run(
        "openssl",
        "pkcs8",
        "-topk8",
        "-in",
        plain.toString(),
        "-out",
        encrypted.toString(),
        "-passout",
        "file:" + secret(passphraseOption));
    markers.add(Files.readString(encrypted).lines().skip(1).findFirst().orElseThrow());
    secrets.put(option, encrypted.toString());
    return encrypted.toString();
  }

  private HttpServer serve(HttpServer server, int status) {
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
    servers.add(server);
    return server;
  }

  private static InetSocketAddress anywhere() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  /** A Consul that knows nobody. */
  private int consul() throws IOException, GeneralSecurityException {
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(TestAuthority.keys(AUTHORITY.sign("consul")).getKeyManagers(), null, null);
    HttpsServer server = HttpsServer.create(anywhere(), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    return serve(server, 403).getAddress().getPort();
  }

  private ServerProcess start(String command, List<String> options) {
    ServerProcess process =
        ServerProcess.start(
            command,
            Stream.concat(Stream.of(command, "--log-level", "DEBUG"), options.stream()).toList(),
            folder.resolve(command + ".log"));
    processes.add(process);
    return process;
  }

  private static String get(int port, String path) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newBuilder().sslContext(AUTHORITY.client(null)).build()) {
      URI uri = URI.create("https://127.0.0.1:" + port + path);
      return client
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }

  private static boolean answers(int port) {
    try {
      return get(port, "/health").contains("UP");
    } catch (IOException e) {
      return false; // not yet
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void assertRefused(int port) {
    String password = "MarkerOfAClient";
    markers.add(password);
    assertThrows(
        Mqtt5ConnAckException.class,
        () ->
            Mqtt5Client.builder()
                .serverHost("127.0.0.1")
                .serverPort(port)
                .buildBlocking()
                .connectWith()
                .simpleAuth()
                .username("anna")
                .password(password.getBytes(UTF_8))
                .applySimpleAuth()
                .send());
  }

  /** What a command says of its options when they are set. */
  private String help(String command, List<String> options) {
    List<String> asked =
        Stream.of(List.of(command), options, List.of("--help")).flatMap(List::stream).toList();
    ServerProcess help = ServerProcess.start(command, asked, folder.resolve("help-" + command));
    assertEquals(0, help.awaitExit(), help::describe);
    return String.join("\n", help.output());
  }

  /** Of the options of a command, those that this test would have to set and does not. */
  private Set<String> notSet(String help) {
    Set<String> named = new TreeSet<>();
    Matcher options = SECRET.matcher(help);
    while (options.find()) {
      named.add(options.group(1));
    }
    named.removeAll(secrets.keySet());
    return named;
  }

  private void assertNothingToldBy(
      ServerProcess process, String help, int httpPort, String... pages) throws Exception {
    Map<String, String> told = new TreeMap<>();
    told.put("help", help);
    told.put("log", String.join("\n", process.output()));
    for (String page : pages) {
      told.put(page, get(httpPort, page));
    }
    told.put("command", Files.readString(Path.of("/proc/" + process.pid() + "/cmdline")));
    for (String marker : markers) {
      Set<String> leaks =
          told.entrySet().stream()
              .filter(one -> one.getValue().contains(marker))
              .map(Map.Entry::getKey)
              .collect(Collectors.toSet());
      assertEquals(Set.of(), leaks, marker);
    }
  }

  private List<String> ofHttp(int port) throws Exception {
    Signed http = AUTHORITY.sign("http");
    return List.of(
        "--http-port",
        Integer.toString(port),
        "--http-tls",
        "SERVER",
        "--http-certificate",
        http.certificateTo(folder.resolve("http.pem")).toString(),
        "--http-key",
        key("http-key", "http-key-passphrase", http),
        "--http-key-passphrase",
        folder.resolve("http-key-passphrase").toString());
  }

  /** Alarms are told to where nobody answers. */
  private List<String> ofAlarms() throws IOException {
    return List.of(
        "--alarm-webhook",
        "http://127.0.0.1:" + FreePorts.next(),
        "--alarm-webhook-token-file",
        secret("alarm-webhook-token-file"));
  }

  /** Each way to ask somebody outside has a listener, where nobody answers. */
  private String listeners(int ldap, int sql, int redis) throws Exception {
    Signed broker = AUTHORITY.sign("broker");
    return String.join(
        ";",
        "ldap=127.0.0.1:" + ldap + " ldap-url=ldap://127.0.0.1:" + FreePorts.next(),
        "sql=127.0.0.1:" + sql + " sql-url=jdbc:postgresql://127.0.0.1:" + FreePorts.next() + "/x",
        "redis=127.0.0.1:" + redis + " redis-url=redis://127.0.0.1:" + FreePorts.next(),
        "tls=127.0.0.1:"
            + FreePorts.next()
            + " transport=tls certificate="
            + broker.certificateTo(folder.resolve("broker.pem"))
            + " key="
            + key("broker.key", LISTENER_PASSPHRASE, broker)
            + " key-passphrase-file="
            + folder.resolve(LISTENER_PASSPHRASE));
  }

  private String passwords() throws IOException {
    markers.add(HASH);
    Path file = Files.writeString(folder.resolve("passwords"), "bert:" + HASH_BEGINS + HASH + "\n");
    secrets.put("passwords", file.toString());
    return file.toString();
  }

  private List<String> ofClients(int port, String listeners) throws IOException {
    HttpServer service = serve(HttpServer.create(anywhere(), 0), 404);
    return List.of(
        "--port",
        Integer.toString(port),
        "--passwords",
        passwords(),
        "--token-keys",
        secret(
            "token-keys",
            "{\"keys\":[{\"kty\":\"oct\",\"alg\":\"HS256\",\"kid\":\"a\",\"k\":\"%sxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}]}"),
        "--http-auth-url",
        "http://127.0.0.1:" + service.getAddress().getPort() + "/who",
        "--http-auth-headers",
        secret("http-auth-headers", "Authorization: Bearer %s"),
        "--ldap-search-base",
        "dc=example",
        "--ldap-bind-dn",
        "cn=broker",
        "--ldap-bind-password",
        secret("ldap-bind-password"),
        "--sql-user",
        "broker",
        "--sql-password",
        secret("sql-password"),
        "--redis-password",
        secret("redis-password"),
        "--listeners",
        listeners);
  }

  @Test
  void standalone_everySecretSet_tellsNone() throws Exception {
    List<Integer> ports = Stream.generate(FreePorts::next).limit(5).toList();
    int httpPort = ports.getLast();
    List<String> options =
        new ArrayList<>(
            ofClients(ports.getFirst(), listeners(ports.get(1), ports.get(2), ports.get(3))));
    options.addAll(ofHttp(httpPort));
    options.addAll(ofAlarms());
    options.addAll(List.of("--data", folder.resolve("data").toString()));
    ServerProcess process = start("standalone", options);
    process.awaitReady("ready", () -> process.output().contains("ready"));

    ports.subList(0, 4).forEach(this::assertRefused);

    String help = help("standalone", options);
    assertEquals(Set.of(), notSet(help));
    assertNothingToldBy(
        process, help, httpPort, "/health", "/node/status", "/cluster/status", "/prometheus");
  }

  /** Of a process that has a certificate of that role, and a Consul that refuses its token. */
  private List<String> ofCluster(String role) throws Exception {
    Signed process = AUTHORITY.signUris(role, "vmqtt:role:" + role);
    Signed client = AUTHORITY.sign("client");
    Path consulKey = client.keyTo(folder.resolve("consul.key"));
    markers.add(Files.readString(consulKey).lines().skip(1).findFirst().orElseThrow());
    secrets.put("consul-key", consulKey.toString());
    String authority = AUTHORITY.certificateTo(folder.resolve("ca.pem")).toString();
    return List.of(
        "--consul",
        "127.0.0.1:" + consul(),
        "--consul-ca",
        authority,
        "--consul-certificate",
        client.certificateTo(folder.resolve("consul.pem")).toString(),
        "--consul-key",
        consulKey.toString(),
        "--consul-token-file",
        secret("consul-token-file"),
        "--cluster-ca",
        authority,
        "--cluster-certificate",
        process.certificateTo(folder.resolve("cluster.pem")).toString(),
        "--cluster-key",
        key("cluster-key", "cluster-key-passphrase", process),
        "--cluster-key-passphrase",
        folder.resolve("cluster-key-passphrase").toString());
  }

  private void assertTellsNone(String command, String role, List<String> own, String... pages)
      throws Exception {
    int httpPort = FreePorts.next();
    List<String> options = new ArrayList<>(own);
    options.addAll(ofHttp(httpPort));
    options.addAll(ofCluster(role));
    ServerProcess process = start(command, options);
    process.awaitReady("HTTP", () -> answers(httpPort));
    await()
        .atMost(ServerProcess.START_PATIENCE)
        .until(
            () ->
                process.output().stream()
                    .anyMatch(line -> line.contains("refuses what this process")));

    String help = help(command, options);
    assertEquals(Set.of(), notSet(help));
    assertNothingToldBy(process, help, httpPort, pages);
  }

  @Test
  void gateway_everySecretSet_tellsNone() throws Exception {
    assertTellsNone(
        "gateway",
        "edge-gateway",
        ofClients(
            FreePorts.next(), listeners(FreePorts.next(), FreePorts.next(), FreePorts.next())),
        "/health",
        "/node/status",
        "/prometheus");
  }

  @Test
  void router_everySecretSet_tellsNone() throws Exception {
    assertTellsNone(
        "router",
        "routing-service",
        List.of("--grpc-port", Integer.toString(FreePorts.next())),
        "/health",
        "/node/status",
        "/prometheus");
  }

  @Test
  void store_everySecretSet_tellsNone() throws Exception {
    assertTellsNone(
        "store",
        "session-store",
        List.of(
            "--data",
            folder.resolve("data").toString(),
            "--grpc-port",
            Integer.toString(FreePorts.next()),
            "--raft-port",
            Integer.toString(FreePorts.next())),
        "/health",
        "/node/status",
        "/prometheus");
  }

  @Test
  void registry_everySecretSet_tellsNone() throws Exception {
    assertTellsNone(
        "registry",
        "cluster-registry",
        ofAlarms(),
        "/health",
        "/node/status",
        "/cluster/status",
        "/prometheus");
  }
}
