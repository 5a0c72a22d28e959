package io.vmqtt.gateway.link;

import io.vmqtt.gateway.connection.Cluster.PublishCallback;
import io.vmqtt.proto.routing.v1.Publish;

/** A QoS 1 or 2 publish whose result is awaited. Kept so that it can be sent again elsewhere. */
final class PendingPublish {
  final Publish publish;
  final int bytes;
  final PublishCallback callback;
  RouterPeer router;

  PendingPublish(Publish publish, int bytes, PublishCallback callback, RouterPeer router) {
    this.publish = publish;
    this.bytes = bytes;
    this.callback = callback;
    this.router = router;
  }

  String topic() {
    return publish.getMessage().getTopic();
  }

  long sequence() {
    return publish.getSequence();
  }
}
