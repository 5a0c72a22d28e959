package io.vmqtt.gateway.connection;

import io.vmqtt.model.Subscription;
import java.util.ArrayList;
import java.util.List;

/** Which new subscriptions get retained messages [MQTT-3.3.1-9 to 3.3.1-11]. */
final class RetainedAfterSubscribe {
  private RetainedAfterSubscribe() {}

  static List<Subscription> of(List<Subscription> subscriptions, List<Boolean> existed) {
    List<Subscription> wanted = new ArrayList<>(subscriptions.size());
    for (int i = 0; i < subscriptions.size(); i++) {
      Subscription subscription = subscriptions.get(i);
      boolean sends =
          switch (subscription.options().retainHandling()) {
            case SEND -> true;
            case SEND_IF_NEW -> !existed.get(i);
            case DO_NOT_SEND -> false;
          };
      if (sends && !subscription.filter().isShared()) {
        wanted.add(subscription);
      }
    }
    return wanted;
  }
}
