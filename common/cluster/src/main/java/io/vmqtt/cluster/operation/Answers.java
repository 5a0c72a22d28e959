package io.vmqtt.cluster.operation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The operations that one node knows. Immutable; what it asks must not block its caller. */
public final class Answers {
  /** Of a node that knows none. */
  public static final Answers NONE = new Answers(Map.of(), Map.of());

  private static final ObjectMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private final Map<String, Answer<?, ?>> byName;
  private final Map<String, Made<?>> downloads;

  private record Answer<Q, A>(Operation<Q, A> to, Function<Q, ? extends CompletionStage<A>> how) {

    CompletionStage<A> ask(byte[] question) throws IOException {
      return how.apply(JSON.readValue(question, to.question()));
    }
  }

  private record Made<Q>(Download<Q> what, Download.Source<Q> how) {

    InputStream open(byte[] question) throws IOException, InterruptedException {
      return how.open(JSON.readValue(question, what.question()));
    }
  }

  private Answers(Map<String, Answer<?, ?>> byName, Map<String, Made<?>> downloads) {
    this.byName = Map.copyOf(byName);
    this.downloads = Map.copyOf(downloads);
  }

  /** These and one more. */
  public <Q, A> Answers with(
      Operation<Q, A> operation, Function<Q, ? extends CompletionStage<A>> how) {
    Map<String, Answer<?, ?>> more = new HashMap<>(byName);
    more.put(operation.name(), new Answer<>(operation, how));
    return new Answers(more, downloads);
  }

  /** These and one more that is large; its source is asked on a thread that may wait. */
  public <Q> Answers with(Download<Q> download, Download.Source<Q> source) {
    Map<String, Made<?>> more = new HashMap<>(downloads);
    more.put(download.name(), new Made<>(download, source));
    return new Answers(byName, more);
  }

  /** These and those. */
  public Answers and(Answers others) {
    Map<String, Answer<?, ?>> all = new HashMap<>(byName);
    all.putAll(others.byName);
    Map<String, Made<?>> large = new HashMap<>(downloads);
    large.putAll(others.downloads);
    return new Answers(all, large);
  }

  /** The names of all but the large ones. */
  public Set<String> names() {
    return byName.keySet();
  }

  /** Whether there is one of that name. */
  public boolean know(String operation) {
    return byName.containsKey(operation);
  }

  /** The large one of that name; null: there is none. */
  public @Nullable Download<?> download(String name) {
    @Nullable Made<?> known = downloads.get(name);
    return known == null ? null : known.what();
  }

  /**
   * Something large, for a question in JSON.
   *
   * @throws OperationRefusal if the node does not do that now
   * @throws IOException if it cannot, or nobody can read the question
   */
  public InputStream open(String download, byte[] question)
      throws IOException, InterruptedException {
    return made(download).open(question);
  }

  /** The same for a question from this process. */
  public <Q> InputStream open(Download<Q> download, Q question)
      throws IOException, InterruptedException {
    @SuppressWarnings("unchecked") // put there with it
    Made<Q> made = (Made<Q>) made(download.name());
    return made.how().open(question);
  }

  private Made<?> made(String name) {
    @Nullable Made<?> known = downloads.get(name);
    if (known == null) {
      throw new IllegalArgumentException("no download " + name);
    }
    return known;
  }

  /**
   * What the node says to a question in JSON, in JSON; written by none of the threads that answer.
   *
   * @throws IOException if nobody can read the question
   */
  public CompletionStage<byte[]> ask(String operation, byte[] question) throws IOException {
    return named(operation).ask(question).thenApplyAsync(Answers::write);
  }

  /** What the node says to a question from its own process. */
  public <Q, A> CompletableFuture<A> ask(Operation<Q, A> operation, Q question) {
    @SuppressWarnings("unchecked") // put there with the operation
    Answer<Q, A> answer = (Answer<Q, A>) named(operation.name());
    return answer.how().apply(question).toCompletableFuture();
  }

  private Answer<?, ?> named(String operation) {
    @Nullable Answer<?, ?> known = byName.get(operation);
    if (known == null) {
      throw new IllegalArgumentException("no operation " + operation);
    }
    return known;
  }

  /** A question as {@link #ask(String, byte[])} takes it, and an answer as it gives it. */
  public static byte[] write(Object value) {
    try {
      return JSON.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write " + value.getClass().getName(), e);
    }
  }

  /**
   * An answer as {@link #ask(String, byte[])} gives it.
   *
   * @throws IOException if it is none
   */
  public static <A> A read(Operation<?, A> operation, byte[] answer) throws IOException {
    return JSON.readValue(answer, operation.answer());
  }
}
