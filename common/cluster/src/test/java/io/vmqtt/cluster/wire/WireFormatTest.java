package io.vmqtt.cluster.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.proto.routing.v1.Publish;
import io.vmqtt.proto.session.v1.Attach;
import io.vmqtt.proto.storage.v1.Entry;
import io.vmqtt.proto.store.v1.ShardPublish;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What earlier versions send and store is still understood: every message that one of them can
 * write is read, with each of its fields under the same name. The contracts of earlier versions lie
 * in {@code formats}; a release adds its own with {@code -Dvmqtt.formats.write=VERSION}.
 */
class WireFormatTest {
  private static final Path FORMATS = Path.of("src", "test", "resources", "formats");
  private static final String CONTRACTS = ".desc";

  /** How deep messages within messages are filled. */
  private static final int DEPTH = 6;

  private static List<FileDescriptor> present() {
    return Stream.of(
            Message.getDescriptor(),
            Attach.getDescriptor(),
            Publish.getDescriptor(),
            ShardPublish.getDescriptor(),
            Entry.getDescriptor())
        .map(Descriptor::getFile)
        .toList();
  }

  static List<String> versions() throws IOException {
    try (Stream<Path> files = Files.list(FORMATS)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(CONTRACTS))
          .map(name -> name.substring(0, name.length() - CONTRACTS.length()))
          .sorted()
          .toList();
    }
  }

  @BeforeAll
  static void write() throws IOException {
    String version = System.getProperty("vmqtt.formats.write");
    if (version == null) {
      return;
    }
    FileDescriptorSet.Builder set = FileDescriptorSet.newBuilder();
    present().forEach(file -> set.addFile(file.toProto()));
    Files.createDirectories(FORMATS);
    Files.write(FORMATS.resolve(version + CONTRACTS), set.build().toByteArray());
  }

  @ParameterizedTest
  @MethodSource("versions")
  void everyMessageOfAnEarlierVersion_isRead(String version) throws Exception {
    Map<String, Descriptor> known = new HashMap<>();
    present().forEach(file -> file.getMessageTypes().forEach(type -> add(type, known)));
    int messages = 0;
    for (FileDescriptor file : contractsOf(version)) {
      for (Descriptor type : file.getMessageTypes()) {
        Descriptor now = known.get(type.getFullName());
        assertTrue(now != null, () -> type.getFullName() + " is gone");
        for (DynamicMessage old : filled(type, DEPTH)) {
          DynamicMessage read =
              DynamicMessage.parseFrom(Objects.requireNonNull(now), old.toByteString());
          assertEquals(old.toString(), read.toString(), type.getFullName());
          messages++;
        }
      }
    }
    assertTrue(messages > 50, "messages were tried");
  }

  private static void add(Descriptor type, Map<String, Descriptor> known) {
    known.put(type.getFullName(), type);
    type.getNestedTypes().forEach(nested -> add(nested, known));
  }

  private static List<FileDescriptor> contractsOf(String version) throws Exception {
    FileDescriptorSet set;
    try (InputStream in = Files.newInputStream(FORMATS.resolve(version + CONTRACTS))) {
      set = FileDescriptorSet.parseFrom(in);
    }
    Map<String, FileDescriptor> built = new HashMap<>();
    List<FileDescriptor> files = new ArrayList<>();
    for (var file : set.getFileList()) { // each stands behind those that it needs
      FileDescriptor[] needs =
          file.getDependencyList().stream().map(built::get).toArray(FileDescriptor[]::new);
      FileDescriptor one = FileDescriptor.buildFrom(file, needs);
      built.put(file.getName(), one);
      files.add(one);
    }
    return files;
  }

  /** Messages with every field set; of a choice, one message for each of its fields. */
  private static List<DynamicMessage> filled(Descriptor type, int depth) {
    int variants =
        type.getRealOneofs().stream().mapToInt(choice -> choice.getFieldCount()).max().orElse(1);
    List<DynamicMessage> filled = new ArrayList<>();
    for (int variant = 0; variant < variants; variant++) {
      DynamicMessage.Builder message = DynamicMessage.newBuilder(type);
      for (FieldDescriptor field : type.getFields()) {
        boolean chosen =
            field.getRealContainingOneof() == null
                || field.getRealContainingOneof().getFields().indexOf(field)
                    == variant % field.getRealContainingOneof().getFieldCount();
        boolean isMessage = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
        if (!chosen || (isMessage && depth == 0)) {
          continue;
        }
        Object value =
            isMessage ? filled(field.getMessageType(), depth - 1).getFirst() : sample(field);
        if (field.isRepeated()) {
          message.addRepeatedField(field, value);
          message.addRepeatedField(field, value);
        } else {
          message.setField(field, value);
        }
      }
      filled.add(message.build());
    }
    return filled;
  }

  private static Object sample(FieldDescriptor field) {
    int number = 100 + field.getNumber();
    return switch (field.getJavaType()) {
      case INT -> number;
      case LONG -> Long.MAX_VALUE - number;
      case FLOAT -> (float) number;
      case DOUBLE -> (double) number;
      case BOOLEAN -> true;
      case STRING -> field.getName();
      case BYTE_STRING -> ByteString.copyFromUtf8(field.getName());
      case ENUM -> field.getEnumType().getValues().getLast();
      case MESSAGE -> throw new IllegalArgumentException(field.getFullName());
    };
  }
}
