package io.vmqtt.gateway.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vmqtt.cluster.option.OptionException;
import io.vmqtt.cluster.option.OptionValues;
import io.vmqtt.gateway.access.sql.UserQuery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Listeners in a file. */
class ListenersFileTest {
  @TempDir private Path folder;

  @Test
  void listeners_inAFile_areThoseThatTheSameWordsMakeInALine() throws IOException {
    GatewayConfig inFile =
        config(
            "",
            """
            plant:
              address: 0.0.0.0:8883
              transport: wss
              certificate: [a.pem, b.pem]
              key: a.key,b.key
              allowed-origins: [https://a.example, "http://b:80"]
              namespace: plant-1
              versions: [3.1.1, 5]
              passwords: users
              max-packet-size: 16M
              max-connect-rate: 7
            ops: {address: "[::1]:1885", max-connections: 3}
            """);
    GatewayConfig inLine =
        config(
            "plant=0.0.0.0:8883 transport=wss certificate=a.pem,b.pem key=a.key,b.key"
                + " allowed-origins=https://a.example,http://b:80 namespace=plant-1"
                + " versions=3.1.1,5 passwords=users max-packet-size=16M max-connect-rate=7;"
                + " ops=[::1]:1885 max-connections=3",
            "{}");

    assertEquals(inLine.otherListeners(), inFile.otherListeners());
    assertEquals(List.of(), config("", "{}").otherListeners());
  }

  @Test
  void listeners_inBoth_areAllThere() throws IOException {
    GatewayConfig config = config("ops=127.0.0.1:1885", "plant: {address: 127.0.0.1:1884}");

    assertEquals(List.of("ops", "plant"), names(config.otherListeners()));
    ListenersFile file = config.listenersFile();
    assertNotNull(file);
    assertEquals(List.of("ops"), names(file.read("{}")), "those of the line stay");
    assertEquals(
        "vmqtt.gateway.listeners-file: two listeners are named 'ops'",
        assertThrows(OptionException.class, () -> file.read("ops: {address: 127.0.0.1:1}"))
            .getMessage());
  }

  /** A line cannot hold it: a word ends at a space. */
  @Test
  void listeners_valuesWithSpaces_areTaken() throws IOException {
    GatewayConfig config =
        config(
            "",
            """
            plant:
              address: 127.0.0.1:1884
              sql-url: jdbc:postgresql://db/mqtt
              sql-query: SELECT hash FROM devices WHERE name = :user_name
            """);

    assertEquals(
        List.of(
            new OutsideMethods.Sql(
                "jdbc:postgresql://db/mqtt",
                null,
                null,
                UserQuery.read("SELECT hash FROM devices WHERE name = :user_name"),
                null)),
        config.otherListeners().getFirst().methods().outside().asked());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                                  | ' is empty: {} says that there are no listeners'",
        "a                                   | ', line 1: the file must consist of lines like"
            + " ''plant: {address: 0.0.0.0:8883}'''",
        "a: b                                | ', line 1: a must consist of lines like"
            + " ''address: 0.0.0.0:8883'''",
        "'a: {address: 127.0.0.1:1}\na: {address: 127.0.0.1:2}' | ', line 2: a is there twice'",
        "'a:\n  namespace: x'                | ', line 1: a: it has no line"
            + " ''address: 0.0.0.0:8883'''",
        "'a:\n  address: h'                  | ', line 1: a: ''h'' is not HOST:PORT'",
        "'a:\n  address: 127.0.0.1:x'                | ', line 1: a: port: ''x'' is not a port,"
            + " 0 to 65535'",
        "'a:\n  address: 127.0.0.1:1\n  address: 127.0.0.1:2' | ', line 3: a: ''address'' is there twice'",
        "'a:\n  address: 127.0.0.1:1\n  http-port: 1' | ', line 3: a: ''http-port'' cannot be set for"
            + " a listener'",
        "'a:\n  address: 127.0.0.1:1\n  max-filters: 0' | ', line 3: a: max-filters must be at least 1,"
            + " not 0'",
        "'a:\n  address: 127.0.0.1:1\n  namespace:'  | ', line 3: a: ''namespace'' has no value'",
        "'a:\n  address: 0.0.0.0:1'          | ', line 1: a: host: others can reach 0.0.0.0, and"
            + " nothing says who may come in: give --passwords FILE, or let everybody in on"
            + " purpose with --allow-anonymous'",
        "'A:\n  address: 127.0.0.1:1'                | ', line 1: A: a listener''s name has 1 to 64"
            + " characters of a-z0-9-_, not ''A'''",
        "'default: {address: 127.0.0.1:1}'           | two listeners are named 'default'",
      })
  void listeners_whatCannotBe_saysWhereAndWhy(String text, String complaint) {
    String message =
        String.valueOf(assertThrows(OptionException.class, () -> config("", text)).getMessage());

    String place = "vmqtt.gateway.listeners-file: ";
    assertEquals(
        complaint.startsWith("two") ? place + complaint : place + file() + complaint, message);
  }

  @Test
  void listeners_noSuchFile_saysSo() {
    OptionException failure =
        assertThrows(
            OptionException.class,
            () ->
                GatewayOptions.config(
                    OptionValues.of(Map.of(GatewayOptions.LISTENERS_FILE, file().toString()))));

    assertEquals(
        "vmqtt.gateway.listeners-file: "
            + file()
            + " cannot be read: java.nio.file.NoSuchFileException: "
            + file(),
        failure.getMessage());
  }

  private static List<String> names(List<ListenerConfig> listeners) {
    return listeners.stream().map(ListenerConfig::name).toList();
  }

  private Path file() {
    return folder.resolve("listeners.yaml");
  }

  private GatewayConfig config(String line, String text) throws IOException {
    Files.writeString(file(), text);
    return GatewayOptions.config(
        OptionValues.of(
            Map.of(
                GatewayOptions.LISTENERS, line, GatewayOptions.LISTENERS_FILE, file().toString())));
  }
}
