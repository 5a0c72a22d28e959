package io.vmqtt.cluster.facts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where an operator has said something: what can be known of who he is.
 *
 * @param file in which he has; empty: in none, but over the API
 * @param owner whose file it is, as its machine calls him, empty: it does not say; over the API,
 *     the operator's name
 */
public record Origin(String file, String owner) {
  private static final String FILE = "file";
  private static final String OWNER = "owner";

  /** Of what has just been read in a file. */
  public static Origin of(Path file) {
    String owner;
    try {
      owner = Files.getOwner(file).getName();
    } catch (IOException | UnsupportedOperationException e) {
      owner = ""; // it was moved meanwhile, or its file system knows no owners
    }
    return new Origin(file.toAbsolutePath().toString(), owner);
  }

  /** Of what an operator has just said over the API. */
  public static Origin byOperator(String name) {
    return new Origin("", name);
  }

  /** Whether it was said over the API. */
  public boolean isByOperator() {
    return file.isEmpty();
  }

  /** Writes it beside what was said; null: nothing. */
  public static void write(@Nullable Origin origin, ObjectNode to) {
    if (origin != null) {
      to.put(FILE, origin.file).put(OWNER, origin.owner);
    }
  }

  /** What stands beside what was said; null: nothing. */
  static @Nullable Origin read(JsonNode beside) {
    return beside.isObject()
        ? new Origin(beside.path(FILE).asText(), beside.path(OWNER).asText())
        : null;
  }
}
