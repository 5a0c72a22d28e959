package io.vmqtt.systemtests.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the distribution says that it is made of. */
class BillOfMaterialsIT {
  private static final Path DISTRIBUTION =
      Path.of("..", "..", "deploy", "standalone", "target", "vmqtt");
  private static final Pattern PACKAGE =
      Pattern.compile(
          "\"purl\" : \"pkg:maven/[^/]+/([^@]+)@([^?]+)\\?(?:classifier=([^&]+)&)?type=jar\"");

  @Test
  void sbom_namesEveryLibraryOfTheDistribution() throws Exception {
    Set<String> named =
        PACKAGE
            .matcher(Files.readString(DISTRIBUTION.resolve("sbom.json")))
            .results()
            .map(BillOfMaterialsIT::jar)
            .collect(Collectors.toCollection(TreeSet::new));
    try (Stream<Path> libraries = Files.list(DISTRIBUTION.resolve("lib"))) {
      assertEquals(
          libraries
              .map(jar -> jar.getFileName().toString())
              .collect(Collectors.toCollection(TreeSet::new)),
          named);
    }
  }

  private static String jar(MatchResult found) {
    String classifier = found.group(3);
    return found.group(1)
        + '-'
        + found.group(2)
        + (classifier == null ? "" : '-' + classifier)
        + ".jar";
  }
}
