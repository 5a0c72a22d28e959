package io.vmqtt.registry.admin;

import io.vmqtt.cluster.operation.ClientName;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A place in a list, for whoever asks for the next page: the names of the item before it. It stays
 * good whatever comes or goes, and whichever registry is asked.
 */
final class Cursor {
  private static final String SEPARATOR = "\u0000";

  private Cursor() {}

  static String of(String... names) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(String.join(SEPARATOR, names).getBytes(StandardCharsets.UTF_8));
  }

  /** The place behind a client; null: the start of the list. */
  static @Nullable ClientName client(@Nullable String cursor) {
    if (cursor == null) {
      return null;
    }
    List<String> names = read(cursor, 2);
    return new ClientName(names.getFirst(), names.getLast());
  }

  /** How lists are read that are in the order of clients. */
  static <T> Page.Reading<T, ClientName> byClient(Function<T, ClientName> nameOf) {
    return new Page.Reading<>(
        nameOf, Comparator.naturalOrder(), name -> of(name.namespace(), name.clientId()));
  }

  /**
   * The names that are in one.
   *
   * @throws Problem if there are not so many, or it is no cursor
   */
  static List<String> read(String cursor, int names) {
    List<String> read = read(cursor);
    if (read.size() != names) {
      throw Problem.badRequest("cursor: '" + cursor + "' is of another list");
    }
    return read;
  }

  /** The same of any number. */
  static List<String> read(String cursor) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
      return List.of(text.split(SEPARATOR, -1));
    } catch (IllegalArgumentException e) {
      throw Problem.badRequest("cursor: '" + cursor + "' is none that a page has named");
    }
  }
}
