package io.vmqtt.gateway.operation;

import io.vmqtt.cluster.bans.HoldOff;
import io.vmqtt.cluster.bans.Suspect;
import io.vmqtt.cluster.operation.HeldOffInfo;
import io.vmqtt.cluster.operation.HeldOffName;
import io.vmqtt.cluster.operation.HeldOffPage;
import io.vmqtt.cluster.operation.HeldOffQuery;
import io.vmqtt.gateway.access.bans.HoldOffs;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Tells operators whom this gateway holds off. Safe from any thread. */
public final class HoldOffList {
  private final HoldOffs holdOffs;

  /** Those. */
  public HoldOffList(HoldOffs holdOffs) {
    this.holdOffs = holdOffs;
  }

  /** The lowest of them behind a place. */
  public CompletableFuture<HeldOffPage> page(HeldOffQuery query) {
    return CompletableFuture.supplyAsync(() -> lowest(query)); // there may be thousands
  }

  private HeldOffPage lowest(HeldOffQuery query) {
    HeldOffName after = query.after();
    List<HeldOffInfo> lowest =
        holdOffs.lasting().entrySet().stream()
            .map(HoldOffList::info)
            .filter(one -> after == null || one.who().compareTo(after) > 0)
            .sorted(Comparator.comparing(HeldOffInfo::who))
            .limit(query.limit() + 1L)
            .toList();
    return new HeldOffPage(
        lowest.subList(0, Math.min(query.limit(), lowest.size())), lowest.size() > query.limit());
  }

  private static HeldOffInfo info(Map.Entry<Suspect, HoldOff> one) {
    Suspect suspect = one.getKey();
    HoldOff holdOff = one.getValue();
    return new HeldOffInfo(
        switch (suspect.kind()) {
          case ADDRESS -> "address";
          case USER -> "user";
          case CLIENT_ID -> "client-id";
        },
        suspect.from().toString(),
        suspect.namespace().name(),
        suspect.name(),
        holdOff.sinceMillis() == 0 ? null : Instant.ofEpochMilli(holdOff.sinceMillis()).toString(),
        Instant.ofEpochMilli(holdOff.untilMillis()).toString());
  }
}
