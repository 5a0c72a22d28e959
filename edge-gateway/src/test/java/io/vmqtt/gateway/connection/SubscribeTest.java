package io.vmqtt.gateway.connection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.model.Qos;
import io.vmqtt.model.ReasonCode;
import io.vmqtt.model.RetainHandling;
import io.vmqtt.model.SubscriptionOptions;
import io.vmqtt.testkit.conformance.Conforms;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SUBSCRIBE and UNSUBSCRIBE: MQTT 5.0, sections 3.8 to 3.11. */
class SubscribeTest {
  private TestClient client = TestClient.connected(ProtocolVersion.V5);

  /** Behind UNSUBACK nothing may come that seems to be of the subscription. */
  @Test
  void unsubscribe_whileTheSubscriptionWaitsForRouters_subAckComesFirstAndNothingRetained() {
    client.session.hold();
    client.connection.subscribe(
        1,
        List.of(
            new RequestedSubscription("a", SubscriptionOptions.of(Qos.AT_LEAST_ONCE)),
            new RequestedSubscription("b", SubscriptionOptions.of(Qos.AT_LEAST_ONCE))),
        0);
    client.connection.unsubscribe(2, List.of("a"));

    client.session.answerNewest(); // a session here answers UNSUBSCRIBE at once
    assertEquals(List.of(), client.output.take());
    client.session.answer();

    assertEquals(List.of("SUBACK 1 [01, 01]", "UNSUBACK 2 [00]"), client.output.take());
    assertEquals(List.of("b"), client.session.retainedFor);
  }

  /** [MQTT-3.8.4-1], [MQTT-3.8.4-2], and not before the subscription is in force. */
  @Test
  @Conforms(v5 = {"MQTT-2.2.1-6", "MQTT-3.8.4-1", "MQTT-3.8.4-2"})
  void subscribe_answerComes_subAckWithTheSamePacketId() {
    client.session.hold();
    client.connection.subscribe(7, List.of(wish("a/+", 1)), 0);
    assertEquals(List.of(), client.output.take());

    client.session.answer();

    assertEquals(List.of("SUBACK 7 [01]"), client.output.take());
  }

  /** [MQTT-3.8.4-6]. */
  @Test
  @Conforms(v5 = {"MQTT-3.8.4-5", "MQTT-3.8.4-6", "MQTT-3.8.4-7", "MQTT-3.9.3-1", "MQTT-3.9.3-2"})
  void subscribe_severalFilters_aReasonForEachInOrder() {
    client.connection.subscribe(7, List.of(wish("a", 2), wish("b", 0), wish("c", 1)), 0);

    assertEquals(List.of("SUBACK 7 [02, 00, 01]"), client.output.take());
    assertEquals(
        List.of("subscribe a qos 2", "subscribe b qos 0", "subscribe c qos 1"),
        client.session.calls);
  }

  /** [MQTT-4.7.1-1], [MQTT-4.7.1-2], [MQTT-4.7.3-1], [MQTT-4.8.2-1], [MQTT-4.8.2-2]. */
  @ParameterizedTest
  @ValueSource(
      strings = {"", "a/#/b", "a#", "+a", "a\u0000", "$share/g", "$share//a", "$share/g+/a"})
  @Conforms(
      v5 = {
        "MQTT-4.7.1-1",
        "MQTT-4.7.1-2",
        "MQTT-4.7.3-1",
        "MQTT-4.7.3-2",
        "MQTT-4.8.2-1",
        "MQTT-4.8.2-2"
      })
  void filter_malformed_connectionEnds(String malformed) {
    List<RequestedSubscription> goodAndBad = List.of(wish("a", 0), wish(malformed, 0));
    assertEquals(
        ReasonCode.TOPIC_FILTER_INVALID,
        client.violates(() -> client.connection.subscribe(7, goodAndBad, 0)));
    assertEquals(List.of("DISCONNECT 8f", "closed"), client.output.take());
    assertTrue(client.session.calls.isEmpty(), "nothing is subscribed");

    client = TestClient.connected(ProtocolVersion.V5);
    client.violates(() -> client.connection.unsubscribe(7, List.of("a", malformed)));
    assertEquals(List.of("DISCONNECT 8f", "closed"), client.output.take());
  }

  /** [MQTT-4.7.1-2], [MQTT-4.7.1-3], [MQTT-4.7.3-1], [MQTT-4.8.0-1] of 3.1.1. */
  @ParameterizedTest
  @ValueSource(strings = {"", "a/#/b", "a#", "+a", "$share/g/#/b"})
  @Conforms(v311 = {"MQTT-4.7.1-2", "MQTT-4.7.1-3", "MQTT-4.7.3-1", "MQTT-4.8.0-1"})
  void filter_malformedBeforeMqtt5_connectionEnds(String malformed) {
    client = TestClient.connected(ProtocolVersion.V3);
    client.violates(() -> client.connection.subscribe(7, List.of(wish(malformed, 0)), 0));
    assertEquals(List.of("closed"), client.output.take());

    client = TestClient.connected(ProtocolVersion.V3);
    client.violates(() -> client.connection.unsubscribe(7, List.of(malformed)));
    assertEquals(List.of("closed"), client.output.take());
  }

  /** To a client of 3.1.1 these are ordinary filters, which this broker does not offer. */
  @ParameterizedTest
  @ValueSource(strings = {"$share/g", "$share//a", "$share/+/a"})
  @Conforms(v311 = {"MQTT-3.8.4-4", "MQTT-3.8.4-5", "MQTT-3.9.3-1", "MQTT-3.9.3-2"})
  void filter_likeAShareGroupBeforeMqtt5_isRefusedAlone(String filter) {
    client = TestClient.connected(ProtocolVersion.V3);

    client.connection.subscribe(7, List.of(wish(filter, 0), wish("a", 1)), 0);
    client.connection.unsubscribe(8, List.of(filter));

    assertEquals(List.of("SUBACK 7 [80, 01]", "UNSUBACK 8 []"), client.output.take());
  }

  @Test
  void subscribe_identifier_goesToEveryFilter() {
    client.connection.subscribe(7, List.of(wish("a", 0), wish("b", 0)), 268_435_455);

    assertEquals(
        List.of("subscribe a qos 0 identifier 268435455", "subscribe b qos 0 identifier 268435455"),
        client.session.calls);
  }

  /** [MQTT-3.8.3-2]. */
  @Test
  @Conforms(v5 = "MQTT-3.8.3-2")
  void subscribe_noFilter_protocolError() {
    assertEquals(
        ReasonCode.PROTOCOL_ERROR,
        client.violates(() -> client.connection.subscribe(7, List.of(), 0)));
  }

  /** [MQTT-2.2.1-3]. */
  @Test
  @Conforms(v5 = "MQTT-2.2.1-3")
  void subscribe_packetIdZero_protocolError() {
    assertEquals(
        ReasonCode.PROTOCOL_ERROR,
        client.violates(() -> client.connection.subscribe(0, List.of(wish("a", 0)), 0)));
  }

  /** [MQTT-3.8.3-4]. */
  @Test
  @Conforms(v5 = "MQTT-3.8.3-4")
  void subscribe_sharedWithNoLocal_protocolErrorAndNothingIsSubscribed() {
    RequestedSubscription sharedNoLocal =
        new RequestedSubscription(
            "$share/g/a",
            new SubscriptionOptions(Qos.AT_MOST_ONCE, true, false, RetainHandling.SEND));

    ReasonCode reason =
        client.violates(
            () -> client.connection.subscribe(7, List.of(wish("a", 0), sharedNoLocal), 0));

    assertEquals(ReasonCode.PROTOCOL_ERROR, reason);
    assertEquals(List.of("DISCONNECT 82", "closed"), client.output.take());
    assertTrue(client.session.calls.isEmpty());
  }

  /** [MQTT-3.3.1-9]: retain handling 0 sends them at every SUBSCRIBE. */
  @Test
  @Conforms(v5 = "MQTT-3.3.1-9")
  void subscribe_retainHandling0_retainedMessagesEveryTime() {
    subscribe("a", RetainHandling.SEND);
    subscribe("a", RetainHandling.SEND);

    assertEquals(List.of("a", "a"), client.session.retainedFor);
  }

  /** [MQTT-3.3.1-10]: retain handling 1 sends them if the subscription is new. */
  @Test
  @Conforms(v5 = "MQTT-3.3.1-10")
  void subscribe_retainHandling1_retainedMessagesTheFirstTime() {
    subscribe("a", RetainHandling.SEND_IF_NEW);
    subscribe("a", RetainHandling.SEND_IF_NEW);
    client.connection.unsubscribe(9, List.of("a"));
    subscribe("a", RetainHandling.SEND_IF_NEW);

    assertEquals(List.of("a", "a"), client.session.retainedFor);
  }

  /** [MQTT-3.3.1-11]: retain handling 2 never sends them. */
  @Test
  @Conforms(v5 = "MQTT-3.3.1-11")
  void subscribe_retainHandling2_noRetainedMessages() {
    subscribe("a", RetainHandling.DO_NOT_SEND);

    assertEquals(List.of(), client.session.retainedFor);
  }

  /** Section 4.8.2: none are sent for a shared subscription. */
  @Test
  void subscribe_shared_noRetainedMessages() {
    subscribe("$share/g/a", RetainHandling.SEND);

    assertEquals(List.of(), client.session.retainedFor);
    assertEquals(List.of("subscribe $share/g/a qos 0"), client.session.calls);
  }

  @Test
  void subscribe_answerAfterTheEnd_nothingIsSent() {
    client.session.hold();
    client.connection.subscribe(7, List.of(wish("a", 0)), 0);
    client.connection.connectionLost();

    client.session.answer();

    assertEquals(List.of(), client.output.take());
    assertEquals(List.of(), client.session.retainedFor);
  }

  /** [MQTT-3.1.2-24]: nothing is done that could not be answered. */
  @ParameterizedTest
  @CsvSource({"20, 15", "129, 124", "130, 124", "131, 125"})
  @Conforms(v5 = "MQTT-3.1.2-24")
  void request_answerExceedsWhatTheClientTakes_packetTooLarge(int maximum, int fits) {
    ConnectRequest connect =
        new ConnectRequest(ProtocolVersion.V5, "me", true, 0, 0, 10, maximum, null);
    List<String> filters = IntStream.range(0, fits + 1).mapToObj(i -> "f" + i).toList();

    client = TestClient.connected(connect, new FakeSession.Transient());
    client.connection.subscribe(1, wishes(filters.subList(0, fits)), 0);
    client.connection.unsubscribe(2, filters.subList(0, fits));
    assertEquals(2, client.output.take().size());

    List<String> tooMany = filters.subList(0, fits + 1);
    assertEquals(
        ReasonCode.PACKET_TOO_LARGE,
        client.violates(() -> client.connection.subscribe(1, wishes(tooMany), 0)));
    client = TestClient.connected(connect, new FakeSession.Transient());
    assertEquals(
        ReasonCode.PACKET_TOO_LARGE,
        client.violates(() -> client.connection.unsubscribe(1, tooMany)));
    assertEquals(List.of("DISCONNECT 95", "closed"), client.output.take());
  }

  private static List<RequestedSubscription> wishes(List<String> filters) {
    return filters.stream().map(filter -> wish(filter, 0)).toList();
  }

  // --- limits ---

  /** They are valid, so the others are subscribed, and the connection goes on. */
  @Test
  @Conforms(v5 = {"MQTT-3.8.4-5", "MQTT-3.8.4-7", "MQTT-3.9.3-2"})
  void subscribe_filterBeyondTheLimits_isRefusedAlone() {
    client.connection.subscribe(
        7, List.of(wish("a/b/c/d/e", 1), wish("a/b/c/d/e/f", 1), wish("é".repeat(13), 1)), 0);

    assertEquals(List.of("SUBACK 7 [01, 8f, 8f]"), client.output.take());
    assertEquals(List.of("a/b/c/d/e"), client.session.retainedFor);
  }

  @Test
  void subscribe_moreFiltersThanAPacketMayHave_thoseBehindAreRefused() {
    client.connection.subscribe(7, wishes(names(201)), 0);

    assertTrue(client.output.take().getFirst().endsWith("00, 97]"));
    assertEquals(200, client.session.filters.size());
    assertEquals(200, client.session.retainedFor.size());
  }

  @Test
  void subscribe_sessionIsFull_onlyWhatItHasIsGranted() {
    List<String> names = names(301);
    client.connection.subscribe(1, wishes(names.subList(0, 150)), 0);
    client.connection.subscribe(2, wishes(names.subList(150, 300)), 0);
    client.output.take();

    client.connection.subscribe(3, List.of(wish(names.get(300), 0), wish(names.get(0), 2)), 0);

    assertEquals(List.of("SUBACK 3 [97, 02]"), client.output.take());
    assertEquals(301, client.session.retainedFor.size(), "none for the one that was refused");
  }

  /** There is one code for it. */
  @Test
  @Conforms(v311 = {"MQTT-3.8.4-5", "MQTT-3.9.3-2"})
  void subscribe_beyondTheLimitsBeforeMqtt5_failure() {
    client = TestClient.connected(ProtocolVersion.V3);
    client.connection.subscribe(1, wishes(names(200)), 0);
    client.connection.subscribe(2, wishes(names(300).subList(200, 300)), 0);
    client.output.take();

    client.connection.subscribe(3, List.of(wish("a/b/c/d/e/f", 1), wish("one more", 1)), 0);

    assertEquals(List.of("SUBACK 3 [80, 80]"), client.output.take());
  }

  private static List<String> names(int count) {
    return IntStream.range(0, count).mapToObj(i -> "f" + i).toList();
  }

  // --- UNSUBSCRIBE ---

  /** [MQTT-3.10.4-4], [MQTT-3.10.4-5], [MQTT-3.11.3-1]. */
  @Test
  @Conforms(v5 = {"MQTT-3.10.4-5", "MQTT-3.10.4-6", "MQTT-3.11.3-1", "MQTT-3.11.3-2"})
  void unsubscribe_knownAndUnknown_aReasonForEachInOrder() {
    subscribe("a", RetainHandling.DO_NOT_SEND);
    subscribe("c", RetainHandling.DO_NOT_SEND);
    client.output.take();

    client.connection.unsubscribe(8, List.of("a", "b", "c"));

    assertEquals(List.of("UNSUBACK 8 [00, 11, 00]"), client.output.take());
    assertTrue(client.session.filters.isEmpty());
  }

  @Test
  @Conforms(v311 = "MQTT-3.10.4-6")
  void unsubscribe_severalBeforeMqtt5_oneAnswer() {
    client = TestClient.connected(ProtocolVersion.V3);
    client.connection.subscribe(7, List.of(wish("a", 0), wish("b", 0), wish("c", 0)), 0);
    client.output.take();

    client.connection.unsubscribe(8, List.of("a", "x", "c"));

    assertEquals(List.of("UNSUBACK 8 [00, 11, 00]"), client.output.take());
    assertEquals(1, client.session.filters.size());
  }

  /** [MQTT-3.10.3-2]. */
  @Test
  @Conforms(v5 = "MQTT-3.10.3-2")
  void unsubscribe_noFilter_protocolError() {
    assertEquals(
        ReasonCode.PROTOCOL_ERROR,
        client.violates(() -> client.connection.unsubscribe(8, List.of())));
  }

  /** [MQTT-2.2.1-3]. */
  @Test
  @Conforms(v5 = "MQTT-2.2.1-3")
  void unsubscribe_packetIdZero_protocolError() {
    assertEquals(
        ReasonCode.PROTOCOL_ERROR,
        client.violates(() -> client.connection.unsubscribe(0, List.of("a"))));
  }

  @Test
  void unsubscribe_answerAfterTheEnd_nothingIsSent() {
    client.session.hold();
    client.connection.unsubscribe(8, List.of("a"));
    client.connection.connectionLost();

    client.session.answer();

    assertEquals(List.of(), client.output.take());
  }

  // --- PINGREQ ---

  /** [MQTT-3.12.4-1]. */
  @Test
  @Conforms(v5 = "MQTT-3.12.4-1")
  void pingReq_connected_pingResp() {
    client.connection.pingReq();

    assertEquals(List.of("PINGRESP"), client.output.take());
  }

  private void subscribe(String filter, RetainHandling handling) {
    client.connection.subscribe(
        7,
        List.of(
            new RequestedSubscription(
                filter, new SubscriptionOptions(Qos.AT_MOST_ONCE, false, false, handling))),
        0);
    assertEquals("SUBACK 7 [00]", client.output.take().getLast());
  }

  private static RequestedSubscription wish(String filter, int qos) {
    return new RequestedSubscription(filter, SubscriptionOptions.of(Qos.of(qos)));
  }
}
