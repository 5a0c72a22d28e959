package io.vmqtt.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Message;
import io.vmqtt.proto.routing.v1.GatewayToRouter;
import io.vmqtt.proto.routing.v1.RouterToGateway;
import io.vmqtt.proto.store.v1.RouterToStore;
import io.vmqtt.proto.store.v1.StoreToRouter;
import io.vmqtt.simulation.cluster.Flaw;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the processes of earlier versions said to one another, byte by byte, is still understood.
 * What was said lies in {@code formats}, one message of a link on a line; a release adds its own
 * with {@code -Dvmqtt.formats.write=VERSION}.
 */
class WireCaptureTest {
  private static final Path FORMATS = Path.of("src", "test", "resources", "formats");
  private static final String CAPTURE = ".capture";

  /** Schedules whose processes are listened to. */
  private static final int SCHEDULES = 20;

  private static final Map<String, Message> LINKS =
      Stream.of(
              GatewayToRouter.getDefaultInstance(),
              RouterToGateway.getDefaultInstance(),
              RouterToStore.getDefaultInstance(),
              StoreToRouter.getDefaultInstance())
          .collect(
              Collectors.toMap(
                  message -> message.getDescriptorForType().getFullName(), Function.identity()));

  /** Those messages among many that have a field which none before them had. */
  private static final class Capture {
    private final Set<String> seen = new HashSet<>();
    private final List<String> lines = new ArrayList<>();

    void hear(Message message) {
      if (seen.addAll(fieldsOf(message))) {
        lines.add(
            message.getDescriptorForType().getFullName()
                + ' '
                + Base64.getEncoder().encodeToString(message.toByteArray()));
      }
    }
  }

  @BeforeAll
  static void write() throws IOException {
    String version = System.getProperty("vmqtt.formats.write");
    if (version == null) {
      return;
    }
    Capture capture = new Capture();
    for (long seed = 1; seed <= SCHEDULES; seed++) {
      Schedule schedule = new Schedule(seed, Flaw.NONE);
      schedule.tap(capture::hear);
      schedule.run();
    }
    Files.createDirectories(FORMATS);
    Files.write(FORMATS.resolve(version + CAPTURE), capture.lines);
  }

  static List<String> versions() throws IOException {
    try (Stream<Path> files = Files.list(FORMATS)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(CAPTURE))
          .map(name -> name.substring(0, name.length() - CAPTURE.length()))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void everythingAnEarlierVersionSaid_isUnderstood(String version) throws IOException {
    Set<String> links = new HashSet<>();
    Set<String> fields = new TreeSet<>();
    for (String line : Files.readAllLines(FORMATS.resolve(version + CAPTURE))) {
      String name = line.substring(0, line.indexOf(' '));
      byte[] bytes = Base64.getDecoder().decode(line.substring(name.length() + 1));
      Message kind = Objects.requireNonNull(LINKS.get(name), "nobody sends " + name + " any more");
      Message read = kind.getParserForType().parseFrom(bytes);
      assertEquals(List.of(), unknown(read), line);
      links.add(name);
      fields.addAll(fieldsOf(read));
    }
    assertEquals(LINKS.keySet(), links);
    assertTrue(fields.size() > 100, () -> "too little was said: " + fields);
  }

  private static Set<String> fieldsOf(Message message) {
    Set<String> fields = new HashSet<>();
    visit(
        message,
        one -> one.getAllFields().keySet().forEach(field -> fields.add(field.getFullName())));
    return fields;
  }

  private static List<String> unknown(Message message) {
    List<String> unknown = new ArrayList<>();
    visit(
        message,
        one -> {
          if (!one.getUnknownFields().asMap().isEmpty()) {
            unknown.add(one.getDescriptorForType().getFullName() + ": " + one.getUnknownFields());
          }
        });
    return unknown;
  }

  /** Visits a message and all that are in it. */
  private static void visit(Message message, Consumer<Message> visitor) {
    visitor.accept(message);
    for (Object value : message.getAllFields().values()) {
      List<?> values = value instanceof List<?> several ? several : List.of(value);
      values.stream()
          .filter(Message.class::isInstance)
          .forEach(one -> visit((Message) one, visitor));
    }
  }
}
