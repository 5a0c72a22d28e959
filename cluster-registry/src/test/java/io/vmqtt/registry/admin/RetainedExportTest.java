package io.vmqtt.registry.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vmqtt.cluster.operation.MessageInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RetainedExportTest {
  private final List<String> asked = new ArrayList<>();

  private static MessageInfo message(String topic) {
    return new MessageInfo(topic, 1, true, "eA==", 1, null, null, null, List.of());
  }

  private Page<MessageInfo> page(
      @Nullable String cursor, @Nullable String next, List<Missing> missing, String... topics) {
    asked.add(Objects.requireNonNullElse(cursor, "first"));
    return new Page<>(
        List.of(topics).stream().map(RetainedExportTest::message).toList(), next, missing);
  }

  private static List<String> topics(RetainedExport export) throws IOException {
    return new String(export.readAllBytes(), StandardCharsets.UTF_8)
        .lines()
        .map(line -> line.replaceAll(".*\"topic\":\"([^\"]*)\".*", "$1"))
        .toList();
  }

  @Test
  void pages_areReadWhenTheyAreNeeded() throws Exception {
    RetainedExport export =
        RetainedExport.begin(
            cursor ->
                cursor == null
                    ? page(cursor, "b", List.of(), "a", "b")
                    : cursor.equals("b")
                        ? page(cursor, "c", List.of())
                        : page(cursor, null, List.of(), "d"));
    assertEquals('{', export.read());
    assertEquals(List.of("first"), asked);
    assertEquals(List.of("a", "b", "d"), topics(export));
    assertEquals(List.of("first", "b", "c"), asked);
    assertEquals(-1, export.read());
  }

  @Test
  void pageWithoutAPart_breaksTheExportOff() throws Exception {
    List<Missing> missing = List.of(new Missing("store-2", "session-store", "silent"));
    assertThrows(Problem.class, () -> RetainedExport.begin(cursor -> page(cursor, null, missing)));
    RetainedExport export =
        RetainedExport.begin(
            cursor ->
                cursor == null
                    ? page(cursor, "a", List.of(), "a")
                    : page(cursor, null, missing, "c"));
    assertEquals(
        "it would be without store-2: silent",
        assertThrows(IOException.class, () -> topics(export)).getMessage());
  }
}
