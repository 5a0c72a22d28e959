package io.vmqtt.gateway.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmqtt.gateway.access.Identity;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.ReasonCode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FairAuditTest {
  private final List<Long> leftOut = new ArrayList<>();
  private long nanos = 7;
  private final FairAudit audit =
      new FairAudit((event, before) -> leftOut.add(before), () -> nanos);

  @Test
  void record_asManyAsMayBeAtOnce_allArePassedOn() {
    record(1, FairAudit.AT_ONCE);

    assertEquals(FairAudit.AT_ONCE, leftOut.size());
    assertEquals(0, audit.leftOut());
  }

  @Test
  void record_moreOfOneSource_areLeftOutAndToldWithTheNext() {
    record(1, FairAudit.AT_ONCE + 30);
    assertEquals(FairAudit.AT_ONCE, leftOut.size());
    assertEquals(30, audit.leftOut());

    nanos += TimeUnit.SECONDS.toNanos(1);
    record(1, FairAudit.PER_SECOND + 1);

    assertEquals(FairAudit.AT_ONCE + FairAudit.PER_SECOND, leftOut.size());
    assertEquals(30, leftOut.get(FairAudit.AT_ONCE));
    assertEquals(0, leftOut.getLast());
    assertEquals(31, audit.leftOut());
  }

  /** To find it costs, and who is refused again and again must not make others pay. */
  @Test
  void record_leftOut_ruleIsNotAskedFor() {
    List<@Nullable String> rules = new ArrayList<>();
    List<String> asked = new ArrayList<>();
    FairAudit other = new FairAudit((event, before) -> rules.add(event.rule()), () -> nanos);

    for (int i = 0; i < FairAudit.AT_ONCE + 3; i++) {
      other.record(
          event(null),
          () -> {
            asked.add("line 7");
            return asked.getLast();
          });
    }

    assertEquals(Collections.nCopies(FairAudit.AT_ONCE, "line 7"), rules);
    assertEquals(FairAudit.AT_ONCE, asked.size());
  }

  @Test
  void record_otherSources_areNotHeldBack() {
    record(1, FairAudit.AT_ONCE + 1);
    record(2, 1);
    audit.record(event(null));

    assertEquals(FairAudit.AT_ONCE + 2, leftOut.size());
  }

  @Test
  void record_addressesOfOneIpv6Network_areOneSource() throws UnknownHostException {
    for (int i = 0; i < 2 * FairAudit.AT_ONCE; i++) {
      audit.record(
          event(new InetSocketAddress(InetAddress.getByName("2001:db8:0:1::" + (i + 1)), 1024)));
    }
    audit.record(event(new InetSocketAddress(InetAddress.getByName("2001:db8:0:2::1"), 1024)));

    assertEquals(FairAudit.AT_ONCE + 1, leftOut.size());
  }

  @Test
  void event_whatClientsSay_isCut() {
    AuditEvent event =
        AuditEvent.of(
            AuditEvent.Kind.PUBLISH,
            "default",
            ReasonCode.NOT_AUTHORIZED,
            new Identity(Namespace.NAMELESS, "c".repeat(65_535), "u".repeat(65_535), null, null),
            "t".repeat(257));

    assertEquals("c".repeat(256) + "…", event.clientId());
    assertEquals(257, String.valueOf(event.userName()).length());
    assertEquals("t".repeat(256) + "…", event.topic());
  }

  /** The port says nothing: each connection has another. */
  @Test
  void record_longQuiet_mayHaveAllAtOnceAgain() {
    record(1, FairAudit.AT_ONCE);
    nanos += TimeUnit.HOURS.toNanos(1);
    record(1, 2 * FairAudit.AT_ONCE);

    assertEquals(2 * FairAudit.AT_ONCE, leftOut.size());
  }

  @Test
  void record_moreSourcesThanAreKept_theQuietestIsForgotten() {
    record(0, FairAudit.AT_ONCE + 1);
    for (int source = 1; source <= FairAudit.MOST_SOURCES; source++) {
      record(source, 1);
    }
    record(0, 1);

    assertEquals(FairAudit.AT_ONCE + FairAudit.MOST_SOURCES + 1, leftOut.size());
    assertEquals(0, leftOut.getLast());
  }

  private void record(int source, int times) {
    for (int i = 0; i < times; i++) {
      audit.record(event(new InetSocketAddress(address(source), 1024 + i)));
    }
  }

  private static InetAddress address(int source) {
    try {
      return InetAddress.getByAddress(
          new byte[] {10, (byte) (source >> 16), (byte) (source >> 8), (byte) source});
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static AuditEvent event(@Nullable SocketAddress peer) {
    return AuditEvent.of(
        AuditEvent.Kind.CONNECT,
        "default",
        ReasonCode.NOT_AUTHORIZED,
        new Identity(Namespace.NAMELESS, "c", null, peer, null),
        null);
  }
}
