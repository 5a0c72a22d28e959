package io.vmqtt.gateway.link;

import io.vmqtt.cluster.link.Link;
import io.vmqtt.cluster.link.Peer;
import io.vmqtt.proto.routing.v1.GatewayFrame;
import io.vmqtt.proto.routing.v1.Publish;
import io.vmqtt.proto.routing.v1.RouteUpdate;
import io.vmqtt.proto.session.v1.ShardRequest;
import java.util.ArrayList;
import java.util.List;

/** A link to a router that keeps what is sent over it. */
final class RecordingLink implements Link<GatewayFrame> {
  final List<GatewayFrame> sent = new ArrayList<>();
  final List<Integer> bytes = new ArrayList<>();
  boolean congested;
  private final Peer peer;

  RecordingLink(String nodeId) {
    this.peer = new Peer(nodeId, 1, "test");
  }

  /** What was sent since the last call. */
  List<GatewayFrame> take() {
    List<GatewayFrame> taken = List.copyOf(sent);
    sent.clear();
    return taken;
  }

  List<Publish> takePublishes() {
    return take().stream().filter(GatewayFrame::hasPublish).map(GatewayFrame::getPublish).toList();
  }

  List<ShardRequest> takeRequests() {
    return take().stream().filter(GatewayFrame::hasRequest).map(GatewayFrame::getRequest).toList();
  }

  List<RouteUpdate> takeRoutes() {
    return take().stream().filter(GatewayFrame::hasRoutes).map(GatewayFrame::getRoutes).toList();
  }

  @Override
  public Peer peer() {
    return peer;
  }

  @Override
  public boolean offer(GatewayFrame frame, int frameBytes) {
    send(frame, frameBytes);
    return true;
  }

  @Override
  public boolean offerAll(List<GatewayFrame> frames, int frameBytes) {
    sendAll(frames, frameBytes);
    return true;
  }

  @Override
  public void send(GatewayFrame frame, int frameBytes) {
    sendAll(List.of(frame), frameBytes);
  }

  @Override
  public void sendAll(List<GatewayFrame> frames, int frameBytes) {
    sent.addAll(frames);
    bytes.add(frameBytes);
  }

  @Override
  public boolean congested() {
    return congested;
  }

  @Override
  public boolean isLive() {
    return true;
  }

  @Override
  public boolean wasLeft() {
    return false;
  }

  @Override
  public void close(String reason) {}
}
