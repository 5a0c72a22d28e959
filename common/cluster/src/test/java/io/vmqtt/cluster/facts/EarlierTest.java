package io.vmqtt.cluster.facts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.bans.Ban;
import io.vmqtt.cluster.bans.Banned;
import io.vmqtt.cluster.bans.Bans;
import io.vmqtt.cluster.bans.BansFact;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EarlierTest {
  private static final EarlierKind<Bans> KIND = new EarlierKind<>(BansFact.BANS);

  private static Bans bans(long version, int count) {
    List<Ban> all =
        IntStream.range(0, count)
            .mapToObj(
                i -> new Ban(Banned.of("user", version + "/" + i), null, "", "anna", null, null))
            .toList();
    return new Bans(version, all).from(Origin.byOperator("anna"));
  }

  private static Earlier<Bans> tenAndMore() {
    Earlier<Bans> all = Earlier.none();
    for (int version = 1; version <= Earlier.MOST + 2; version++) {
      all = all.with(bans(version, 100));
    }
    return all.withVersion(77);
  }

  @Test
  void with_more_theLatestAreKept() {
    Earlier<Bans> all = tenAndMore();

    assertEquals(Earlier.MOST, all.all().size());
    assertEquals(Earlier.MOST + 2, all.all().getFirst().version());
    assertEquals(all, all.with(bans(Earlier.MOST + 2, 5)), "it is there");
    assertTrue(all.of(2).isEmpty());
    assertEquals(bans(3, 100), all.of(3).orElseThrow());
  }

  @Test
  void write_isReadAgain() throws IOException {
    assertEquals(tenAndMore(), KIND.read(KIND.write(tenAndMore())));
    assertEquals("bans-history", KIND.key());
  }

  @Test
  void withinLimit_dropsThoseThatAreFurthestBack() {
    Earlier<Bans> all = tenAndMore();
    int most = KIND.write(all).length() - 1;

    Earlier<Bans> kept = KIND.withinLimit(all, most);

    assertEquals(all.all().subList(0, Earlier.MOST - 1), kept.all());
    assertEquals(List.of(), KIND.withinLimit(all, 10).all());
  }
}
