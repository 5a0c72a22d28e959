package io.vmqtt.gateway.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.gateway.FakeRouter;
import io.vmqtt.gateway.GatewayHarness;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of MQTT 3.1, and where that differs from 3.1.1. */
class Mqtt31Test {
  private static final String NAME = "0006 4d514973647003";
  private static final String ACCEPTED = "20020000";
  private static final String IDENTIFIER_REJECTED = "20020002";
  private static final String UNACCEPTABLE_VERSION = "20020001";

  private final GatewayHarness gateway = new GatewayHarness();
  private final FakeRouter router = gateway.router();

  @AfterEach
  void close() {
    gateway.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a", "a234567890123456789012 3", "\u00e4\u00f6\u00fc567890123456789012 3"})
  void connect_oneTo23Characters_isServed(String clientId) {
    try (PipelineClient client = new PipelineClient(gateway)) {
      client.sendHex(connect(NAME, clientId, 0x02));
      assertEquals(ACCEPTED, client.awaitHex());

      client.sendHex("82 06 0001 0001 74 01");
      assertEquals("9003000101", client.awaitHex());
      client.sendHex("c000");
      assertEquals("d000", client.awaitHex());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a23456789012345678901234"})
  void connect_noneOrMoreThan23Characters_identifierRejected(String clientId) {
    try (PipelineClient client = new PipelineClient(gateway)) {
      client.sendHex(connect(NAME, clientId, 0x02));
      assertEquals(IDENTIFIER_REJECTED, client.awaitHex());
      assertTrue(client.isClosed());
    }
    try (PipelineClient newer = new PipelineClient(gateway)) {
      newer.sendHex(connect("0004 4d51545404", clientId, 0x02));
      assertEquals(ACCEPTED, newer.awaitHex(), "3.1.1 allows it");
    }
  }

  /** The byte for it is reserved in MQTT 3.1. */
  @Test
  void connect_toASessionThatIsThere_isNotToldSo() {
    router.existing.add("a");
    try (PipelineClient client = new PipelineClient(gateway);
        PipelineClient newer = new PipelineClient(gateway)) {
      client.sendHex(connect(NAME, "a", 0x00));
      assertEquals(ACCEPTED, client.awaitHex());
      assertFalse(client.isClosed());

      newer.sendHex(connect("0004 4d51545404", "a", 0x00));
      assertEquals("20020100", newer.awaitHex());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0004 4d51545403", "0006 4d514973647004", "0006 4d514973647002"})
  void connect_nameAndLevelThatDoNotGoTogether_unacceptableVersion(String nameAndLevel) {
    try (PipelineClient client = new PipelineClient(gateway)) {
      client.sendHex(connect(nameAndLevel, "a", 0x02));
      assertEquals(UNACCEPTABLE_VERSION, client.awaitHex());
      assertTrue(client.isClosed());
    }
  }

  private static String connect(String nameAndLevel, String clientId, int flags) {
    byte[] id = clientId.replace(" ", "").getBytes(StandardCharsets.UTF_8);
    String body =
        nameAndLevel.replace(" ", "")
            + "%02x000a%04x".formatted(flags, id.length)
            + HexFormat.of().formatHex(id);
    return "10%02x".formatted(body.length() / 2) + body;
  }
}
