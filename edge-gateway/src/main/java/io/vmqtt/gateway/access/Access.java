package io.vmqtt.gateway.access;

import io.vmqtt.model.Message;
import io.vmqtt.model.Subscription;
import java.util.concurrent.CompletableFuture;

/**
 * Access control: who is let in, and what each may do. Asked on the threads of event loops, which
 * it must not hold up; it may answer later, on any thread.
 *
 * <p>Whoever knows the answer at once returns a future that is complete, which costs no turn, and
 * which for a {@link Permission} is a constant. One that is not complete is for this question
 * alone: it is cancelled when nobody waits for it any more, and packets of the connection wait for
 * it until then. One that fails means no; so does an exception.
 */
public interface Access {

  /** CONNECT: who this is. Asked once for a connection, before anything else. */
  CompletableFuture<Authentication> authenticate(Credentials credentials);

  /** Whether the will may be published when its client is gone. */
  CompletableFuture<Permission> authorizeWill(Identity who, Message will);

  /** Whether a message may be published. Asked for every one. */
  CompletableFuture<Permission> authorizePublish(Identity who, Message message);

  /** Whether a subscription may be made; what it matches later is not asked about. */
  CompletableFuture<Permission> authorizeSubscribe(Identity who, Subscription wanted);
}
