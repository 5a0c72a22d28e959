package io.vmqtt.registry.operators;

import io.vmqtt.cluster.facts.ClusterFacts;
import io.vmqtt.cluster.operation.OperationKey;
import io.vmqtt.cluster.operation.OperationKeyFact;
import io.vmqtt.cluster.operators.Operator;
import io.vmqtt.cluster.operators.OperatorRole;
import io.vmqtt.cluster.operators.Operators;
import io.vmqtt.cluster.operators.OperatorsFact;
import io.vmqtt.registry.membership.Candidate;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it, while this registry leads, that the cluster has a key for operations, and, where no
 * file names any, an operator: its password is shown once, by the registry that made it.
 */
public final class FirstOperator implements Candidate, AutoCloseable {
  static final String NAME = "admin";
  private static final Logger log = LoggerFactory.getLogger(FirstOperator.class);
  private static final long FIRST_VERSION = 1;
  private static final long RETRY_MILLIS = 1_000;

  private final ClusterFacts facts;
  private final boolean makesOperator;
  private final ScheduledExecutorService worker;

  /** Belongs to the worker, like what follows. */
  private boolean leading;

  /** The same at each try: one that seemed to fail may have been taken. Null: none is made yet. */
  private @Nullable String password;

  /**
   * One that does nothing yet.
   *
   * @param makesOperator whether nobody else says who the operators are
   */
  public FirstOperator(ClusterFacts facts, boolean makesOperator) {
    this(
        facts,
        makesOperator,
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("first-operator").factory()));
  }

  /**
   * By a thread of somebody else.
   *
   * @param worker is shut down with this
   */
  FirstOperator(ClusterFacts facts, boolean makesOperator, ScheduledExecutorService worker) {
    this.facts = facts;
    this.makesOperator = makesOperator;
    this.worker = worker;
  }

  @Override
  public void elected() {
    worker.execute(
        () -> {
          leading = true;
          make();
        });
  }

  @Override
  public void deposed() {
    worker.execute(() -> leading = false);
  }

  private void make() {
    if (!leading) {
      return;
    }
    try {
      var _ =
          facts.of(OperationKeyFact.OPERATION_KEY).create(OperationKey.random(new SecureRandom()));
      if (makesOperator) {
        makeOperator();
      }
    } catch (IOException e) {
      log.debug("Consul does not answer: nobody knows whether there is an operator", e);
      var _ = worker.schedule(this::make, RETRY_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void makeOperator() throws IOException {
    String made = password == null ? OperatorPassword.random() : password;
    password = made;
    Operators inForce =
        facts.of(OperatorsFact.OPERATORS).create(with(made).withVersion(FIRST_VERSION));
    boolean ours =
        inForce.version() == FIRST_VERSION
            && inForce
                .named(NAME)
                .filter(operator -> OperatorPassword.matches(made, operator.password()))
                .isPresent();
    if (ours) {
      show(made);
    }
  }

  static Operators with(String password) {
    return new Operators(
        0, List.of(new Operator(NAME, OperatorRole.ADMIN, null, OperatorPassword.hash(password))));
  }

  static void show(String password) {
    log.info("The operator '{}' has the password {} ; it is shown this once", NAME, password);
  }

  @Override
  public void close() {
    worker.shutdownNow();
  }
}
