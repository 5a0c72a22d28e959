package io.vmqtt.cluster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vmqtt.cluster.http.HttpTlsFiles;
import io.vmqtt.cluster.option.Option;
import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.cluster.option.OptionValues;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HttpOptionsTest {
  private final Map<Option<?>, String> set = new HashMap<>();

  private void setCluster() {
    set.put(ClusterOptions.CERTIFICATE, "one.pem");
    set.put(ClusterOptions.KEY, "one.key");
    set.put(ClusterOptions.AUTHORITY, "ca.pem");
  }

  private void setOwn() {
    set.put(HttpOptions.CERTIFICATE, "http.pem");
    set.put(HttpOptions.KEY, "http.key");
  }

  private Optional<HttpTlsFiles> files() {
    return HttpOptions.files(OptionValues.of(set));
  }

  private String complaint() {
    return String.valueOf(assertThrows(OptionException.class, this::files).getMessage());
  }

  @Test
  void files_nothingSaid_isClearText() {
    setCluster();

    assertEquals(Optional.empty(), files());
  }

  @Test
  void files_noneOfItsOwn_areThoseOfTheCluster() {
    setCluster();
    set.put(HttpOptions.TLS, "mutual");

    assertEquals(
        Optional.of(
            new HttpTlsFiles(
                Path.of("one.pem"), Path.of("one.key"), null, List.of(Path.of("ca.pem")))),
        files());
  }

  @Test
  void files_ofItsOwn_areShownAndTheClusterIsStillBelieved() {
    setCluster();
    setOwn();
    set.put(HttpOptions.TLS, "MUTUAL");
    set.put(HttpOptions.AUTHORITY, "watchers.pem");

    assertEquals(
        Optional.of(
            new HttpTlsFiles(
                Path.of("http.pem"),
                Path.of("http.key"),
                null,
                List.of(Path.of("watchers.pem"), Path.of("ca.pem")))),
        files());
  }

  @Test
  void files_server_asksNobodyForACertificate() {
    setOwn();
    set.put(HttpOptions.TLS, "SERVER");

    assertEquals(List.of(), files().orElseThrow().callers());
  }

  @Test
  void files_someMissingOrForNothing_isNamed() {
    setOwn();
    assertEquals("--http-certificate and its like are of no use without --http-tls", complaint());
    set.put(HttpOptions.TLS, "MUTUAL");
    assertEquals("--http-tls MUTUAL needs --http-ca", complaint());
    set.put(HttpOptions.TLS, "SERVER");
    set.put(HttpOptions.AUTHORITY, "watchers.pem");
    assertEquals("--http-ca is of no use without --http-tls MUTUAL", complaint());
    set.remove(HttpOptions.AUTHORITY);
    set.remove(HttpOptions.KEY);
    assertEquals("--http-certificate and --http-key need one another", complaint());
    set.remove(HttpOptions.CERTIFICATE);
    assertEquals("--http-tls needs --http-certificate and --http-key", complaint());
  }
}
