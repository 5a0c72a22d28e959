package io.vmqtt.cluster.status;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vmqtt.cluster.alarms.AlarmKind;
import io.vmqtt.cluster.alarms.Finding;
import io.vmqtt.cluster.alarms.Severity;
import io.vmqtt.cluster.metrics.EventCounter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MeterFindingsTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final MeterFindings findings = new MeterFindings(registry);

  @Test
  void look_certificateThatExpires_isFoundAndGetsWorse() {
    AtomicLong seconds = new AtomicLong(Duration.ofDays(31).toSeconds());
    Gauge.builder("vmqtt.gateway.tls.certificate.seconds", seconds, AtomicLong::get)
        .tag("listener", "secure")
        .register(registry);
    assertEquals(List.of(), findings.look(START));

    seconds.set(Duration.ofDays(29).toSeconds());
    assertEquals(
        List.of(
            Finding.own(
                AlarmKind.CERTIFICATE_EXPIRES,
                "gateway.tls secure",
                Severity.WARNING,
                "the certificate expires in 29 days")),
        findings.look(START));

    seconds.set(Duration.ofHours(5).toSeconds());
    Finding soon = findings.look(START).getFirst();
    assertEquals(Severity.CRITICAL, soon.severity());
    assertEquals("the certificate expires in 5 h", soon.text());

    seconds.set(-1);
    assertEquals("the certificate has expired", findings.look(START).getFirst().text());
  }

  @Test
  void look_linksThatBreakAgainAndAgain_foundAsLongAsItIsNotLongAgo() {
    EventCounter breaks =
        EventCounter.register(registry, "vmqtt.link.breaks", "", Tags.of("link", "router-store"));
    breaks.increment(100);
    assertEquals(List.of(), findings.look(START), "what was before is not known");
    breaks.increment(4);
    assertEquals(List.of(), findings.look(START.plusSeconds(30)));
    breaks.increment();
    assertEquals(
        List.of(
            Finding.own(
                AlarmKind.LINK_FLAPPING,
                "router-store",
                Severity.WARNING,
                "5 links broke within 60 s")),
        findings.look(START.plusSeconds(60)));
    assertEquals(List.of(), findings.look(START.plusSeconds(61)));
  }
}
