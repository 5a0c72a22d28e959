package io.vmqtt.gateway.access.bans;

/** All that keeps clients out, whatever they can prove. */
public record Guard(LiveBans bans, HoldOffs holdOffs) {

  /** It keeps out nobody. */
  public static Guard ofNobody() {
    return new Guard(LiveBans.none(), HoldOffs.never());
  }
}
