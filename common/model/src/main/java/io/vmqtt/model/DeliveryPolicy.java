package io.vmqtt.model;

/**
 * What a message needs of the cluster. It is found once, at the gateway that takes the message in,
 * and goes with it; routers and shards obey it, and ask for the quality of service only where a
 * client is to see it.
 *
 * @param durability how safe it is to be
 */
public record DeliveryPolicy(Durability durability) {
  private static final DeliveryPolicy FLEETING = new DeliveryPolicy(Durability.NONE);
  private static final DeliveryPolicy SAFE = new DeliveryPolicy(Durability.COMMITTED);

  /** What MQTT asks of a quality of service. */
  public static DeliveryPolicy of(Qos qos) {
    return qos == Qos.AT_MOST_ONCE ? FLEETING : SAFE;
  }
}
