package io.vmqtt.gateway.operation;

import io.vmqtt.cluster.operation.Publication;
import io.vmqtt.gateway.link.Lane;
import io.vmqtt.gateway.sessions.KeySource;
import io.vmqtt.model.Message;
import io.vmqtt.model.Namespace;
import io.vmqtt.model.Qos;
import io.vmqtt.model.ReasonCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Publishes for operators: nobody's session, nobody's rules; all else as for a client. */
final class OperatorPublisher {
  private final Lane lane;

  OperatorPublisher(Lane lane) {
    this.lane = lane;
  }

  /** What became of each, when all have an answer. From any thread. */
  CompletableFuture<Publication.Outcomes> publish(Publication publication) {
    CompletableFuture<Publication.Outcomes> answer = new CompletableFuture<>();
    lane.execute(
        () -> {
          List<CompletableFuture<ReasonCode>> each = new ArrayList<>();
          Namespace namespace = Namespace.of(publication.namespace());
          for (Publication.OneMessage message : publication.messages()) {
            each.add(publish(namespace, message));
          }
          var _ =
              CompletableFuture.allOf(each.toArray(CompletableFuture[]::new))
                  .thenRun(
                      () ->
                          answer.complete(
                              new Publication.Outcomes(
                                  each.stream().map(one -> one.join().value()).toList())));
        });
    return answer;
  }

  private CompletableFuture<ReasonCode> publish(
      Namespace namespace, Publication.OneMessage wanted) {
    CompletableFuture<ReasonCode> outcome = new CompletableFuture<>();
    if (wanted.fault() != ReasonCode.SUCCESS) {
      outcome.complete(wanted.fault());
    } else if (!lane.isAvailable()) {
      outcome.complete(ReasonCode.SERVER_UNAVAILABLE);
    } else if (lane.isFull()) {
      outcome.complete(ReasonCode.SERVER_BUSY);
    } else {
      publish(wanted.in(namespace, lane.currentTimeMillis()), outcome);
    }
    return outcome;
  }

  private void publish(Message message, CompletableFuture<ReasonCode> outcome) {
    if (message.qos() == Qos.AT_MOST_ONCE) {
      lane.publish(message);
      outcome.complete(ReasonCode.SUCCESS);
      return;
    }
    // Late copies must not replace what is retained since, nor come twice.
    KeySource keys = lane.exactlyOnce();
    lane.publish(message, keys.key(keys.begin()), outcome::complete);
  }
}
