package io.vmqtt.cluster.facts;

import com.ecwid.consul.v1.ConsistencyMode;
import com.ecwid.consul.v1.QueryParams;
import com.ecwid.consul.v1.kv.model.GetValue;
import com.ecwid.consul.v1.kv.model.PutParams;
import io.vmqtt.cluster.consul.Consul;
import io.vmqtt.cluster.consul.Watch;
import io.vmqtt.cluster.discovery.Registration;
import io.vmqtt.cluster.discovery.Watched;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A fact under one key of Consul. Safe from any thread.
 *
 * @param <T> as of {@link Fact}
 */
final class ConsulFact<T> implements Fact<T>, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ConsulFact.class);

  private final Consul consul;
  private final String key;
  private final FactKind<T> kind;
  private final Watched<T> watched;
  private @Nullable Watch watch;

  /** Consul's index of the last value that was ignored: each is complained of once. */
  private long ignoredIndex;

  ConsulFact(Consul consul, String key, FactKind<T> kind, Executor notifier) {
    this.consul = consul;
    this.key = key;
    this.kind = kind;
    this.watched = new Watched<>(notifier);
  }

  @Override
  public synchronized Registration watch(Consumer<T> listener) {
    if (watch == null) {
      watch =
          consul.watch(
              "watch-" + kind.key(),
              (client, params) -> client.getKVValue(key, params),
              this::learn);
    }
    return watched.watch(listener);
  }

  private synchronized void learn(@Nullable GetValue value) {
    if (value == null || value.getModifyIndex() == ignoredIndex) {
      return;
    }
    try {
      T read = kind.read(value.getDecodedValue());
      T known = watched.newest();
      if (known == null || kind.isLater(read, known)) {
        watched.set(read);
      } else if (!read.equals(known)) {
        ignoredIndex = value.getModifyIndex();
        log.error(
            "Consul's {} is of {}, but differs from the known one of {}: ignored",
            key,
            kind.versionOf(read),
            kind.versionOf(known));
      }
    } catch (IOException e) {
      ignoredIndex = value.getModifyIndex();
      log.error("Consul's {} is not a {}: ignored", key, kind.key(), e);
    }
  }

  @Override
  public T create(T proposed) throws IOException {
    PutParams onlyIfAbsent = new PutParams();
    onlyIfAbsent.setCas(0L);
    boolean created =
        consul.ask(client -> client.setKVValue(key, kind.write(proposed), onlyIfAbsent)).getValue();
    if (created) {
      return proposed;
    }
    GetValue inForce = read();
    if (inForce == null) {
      throw new IOException("Consul's " + key + " vanished while it was read");
    }
    return kind.read(inForce.getDecodedValue());
  }

  @Override
  public boolean replace(T inForce, T next) throws IOException {
    GetValue current = read();
    if (current == null || !kind.read(current.getDecodedValue()).equals(inForce)) {
      return false;
    }
    PutParams onlyIfUnchanged = new PutParams();
    onlyIfUnchanged.setCas(current.getModifyIndex());
    return consul
        .ask(client -> client.setKVValue(key, kind.write(next), onlyIfUnchanged))
        .getValue();
  }

  private @Nullable GetValue read() throws IOException {
    return consul
        .ask(client -> client.getKVValue(key, new QueryParams(ConsistencyMode.CONSISTENT)))
        .getValue();
  }

  @Override
  public synchronized void close() {
    if (watch != null) {
      watch.close();
    }
  }
}
