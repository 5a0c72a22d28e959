package io.vmqtt.testkit.consul;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vmqtt.testkit.tls.TestAuthority;
import io.vmqtt.testkit.tls.TestAuthority.Signed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A Consul that lets nobody do anything without a token, and speaks TLS with those alone who show a
 * certificate of its authority.
 */
public final class GuardedConsul {
  /** The token of who may do everything. */
  private static final String MASTER = "7f0b8b7a-0a57-4d35-9d5c-5a1c4a3f8e11";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final ConsulProcess process;

  private GuardedConsul(Path folder, ConsulProcess process) {
    this.folder = folder;
    this.process = process;
  }

  /**
   * Starts one.
   *
   * @param folder where its files are, and those of who asks it
   */
  public static GuardedConsul start(Path folder) {
    try {
      Files.createDirectories(folder);
      sign(folder);
      Path configuration =
          Files.writeString(
              folder.resolve("consul.json"),
              """
              {"acl": {"enabled": true, "default_policy": "deny", "tokens": {"master": "%1$s", "agent": "%1$s"}},
               "verify_incoming_https": true, "ca_file": "%2$s/ca.pem",
               "cert_file": "%2$s/server.pem", "key_file": "%2$s/server.key"}
              """
                  .formatted(MASTER, folder));
      return new GuardedConsul(
          folder, ConsulProcess.startGuarded(new ConsulProcess.Guard(configuration, MASTER)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void sign(Path folder) {
    TestAuthority authority = new TestAuthority("consul");
    authority.certificateTo(folder.resolve("ca.pem"));
    Signed server = authority.sign("consul");
    server.certificateTo(folder.resolve("server.pem"));
    server.keyTo(folder.resolve("server.key"));
    Signed client = authority.sign("client");
    client.certificateTo(folder.resolve("client.pem"));
    client.keyTo(folder.resolve("client.key"));
  }

  /** The process. */
  public ConsulProcess process() {
    return process;
  }

  /** Where it speaks TLS. */
  public String address() {
    return "127.0.0.1:" + process.securePort();
  }

  /** What a process needs to ask it, with a token that may do what these rules say. */
  public List<String> optionsFor(String name, String rules) {
    return List.of(
        "--consul-ca",
        folder.resolve("ca.pem").toString(),
        "--consul-certificate",
        folder.resolve("client.pem").toString(),
        "--consul-key",
        folder.resolve("client.key").toString(),
        "--consul-token-file",
        tokenFile(name, rules).toString());
  }

  private Path tokenFile(String name, String rules) {
    try {
      Path file = folder.resolve(name + ".token");
      return Files.exists(file) ? file : Files.writeString(file, token(name, rules) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A token that may do what these rules, in Consul's words, say, and nothing else. */
  public String token(String name, String rules) {
    JsonNode policy = put("/v1/acl/policy", Map.of("Name", name, "Rules", rules));
    JsonNode token =
        put("/v1/acl/token", Map.of("Policies", List.of(Map.of("ID", policy.path("ID").asText()))));
    return token.path("SecretID").asText();
  }

  private JsonNode put(String path, Object body) {
    String answer = "";
    try {
      answer = process.put(path, JSON.writeValueAsString(body));
      return JSON.readTree(answer);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(path + ": " + answer, e);
    }
  }
}
