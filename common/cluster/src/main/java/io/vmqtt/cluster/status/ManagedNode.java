package io.vmqtt.cluster.status;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vmqtt.cluster.operation.Answers;
import io.vmqtt.cluster.operation.OperationRefusal;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.management.MBeanException;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node, with its figures, and what operators can ask of it. */
final class ManagedNode extends ReadOnlyBean {
  private static final String ASK = "ask";

  private static final Logger log = LoggerFactory.getLogger(ManagedNode.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String TEXT = String.class.getName();

  private final String name;
  private final Supplier<Map<String, Object>> figures;
  private final Answers answers;

  /**
   * @param name of the node, for the log
   * @param figures as in its status
   * @param answers to what it can be asked
   */
  ManagedNode(String name, Supplier<Map<String, Object>> figures, Answers answers) {
    super("a node of V-MQTT; its figures are those of /node/status");
    this.name = name;
    this.figures = figures;
    this.answers = answers;
  }

  /** Maps within are named with a dot; lists are texts in JSON. */
  @Override
  Map<String, Object> values() {
    Map<String, Object> values = new HashMap<>();
    values.put("operations", answers.names().stream().sorted().toArray(String[]::new));
    put(values, "", figures.get());
    return values;
  }

  private static void put(Map<String, Object> values, String prefix, Map<?, ?> figures) {
    figures.forEach(
        (key, value) -> {
          switch (value) {
            case null -> {
              // what is not known has no attribute
            }
            case Map<?, ?> within -> put(values, prefix + key + '.', within);
            case Number number -> values.put(prefix + key, number);
            case Boolean flag -> values.put(prefix + key, flag);
            case String text -> values.put(prefix + key, text);
            default -> values.put(prefix + key, new String(Answers.write(value), UTF_8));
          }
        });
  }

  @Override
  MBeanOperationInfo[] operations() {
    return new MBeanOperationInfo[] {
      new MBeanOperationInfo(
          ASK,
          "asks one of the operations, as a registry does for operators",
          new MBeanParameterInfo[] {
            new MBeanParameterInfo("operation", TEXT, "one of the attribute operations"),
            new MBeanParameterInfo("question", TEXT, "in JSON")
          },
          TEXT,
          MBeanOperationInfo.UNKNOWN)
    };
  }

  @Override
  public Object invoke(String operation, @Nullable Object[] arguments, String[] signature)
      throws MBeanException {
    if (!operation.equals(ASK)
        || arguments.length != 2
        || !(arguments[0] instanceof String asked)
        || !(arguments[1] instanceof String question)) {
      throw new IllegalArgumentException("there is ask(operation, question) alone");
    }
    if (!answers.know(asked)) {
      throw new IllegalArgumentException("no operation " + asked);
    }
    log.info("{}: {} is asked over JMX", name, asked);
    try {
      return new String(
          answers
              .ask(asked, question.getBytes(UTF_8))
              .toCompletableFuture()
              .get(PATIENCE.toSeconds(), TimeUnit.SECONDS),
          UTF_8);
    } catch (IOException e) {
      throw new IllegalArgumentException("not the question of " + asked + ": " + e.getMessage());
    } catch (OperationRefusal e) {
      throw new IllegalStateException(e.getMessage());
    } catch (ExecutionException e) {
      throw new IllegalStateException(asked + " failed: " + e.getCause());
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          asked + " has no answer within " + PATIENCE.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(asked + " was interrupted", e);
    }
  }
}
