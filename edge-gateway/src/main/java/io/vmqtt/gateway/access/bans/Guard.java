package io.vmqtt.gateway.access.bans;

import io.vmqtt.cluster.bans.Bans;

/** All that keeps clients out, whatever they can prove. */
public record Guard(LiveBans bans, HoldOffs holdOffs) {

  /** It keeps out nobody. */
  public static Guard ofNobody() {
    return new Guard(LiveBans.none(), HoldOffs.never());
  }

  /** What operators say from now on. Called by one thread at a time. */
  public void follow(Bans said) {
    holdOffs.pardon(said.pardons());
    bans.follow(said);
  }
}
