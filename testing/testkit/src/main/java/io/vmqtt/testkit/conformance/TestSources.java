package io.vmqtt.testkit.conformance;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewArrayTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import io.vmqtt.testkit.conformance.ConformingTest.Setting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * Finds the tests with {@link Conforms} in the sources: so it needs no module to be compiled, and
 * sees no class that was left over from a test that is no more. A test in an interface counts for
 * every class that implements it.
 */
final class TestSources {
  private static final Set<String> TESTS = Set.of("Test", "ParameterizedTest", "RepeatedTest");

  /** A class or interface as it stands in its file. */
  private record TestClass(String packageName, ClassTree tree) {
    String name() {
      return tree.getSimpleName().toString();
    }

    boolean isInterface() {
      return tree.getKind() == Tree.Kind.INTERFACE;
    }

    boolean implementsInterface(String name) {
      return tree.getImplementsClause().stream().anyMatch(one -> one.toString().equals(name));
    }
  }

  private final List<TestClass> classes = new ArrayList<>();

  private TestSources() {}

  /** Parses Java files. */
  static TestSources parse(List<Path> files) {
    TestSources sources = new TestSources();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(files));
      for (CompilationUnitTree unit : task.parse()) {
        String packageName = String.valueOf(unit.getPackageName());
        unit.getTypeDecls().stream()
            .filter(ClassTree.class::isInstance)
            .forEach(type -> sources.classes.add(new TestClass(packageName, (ClassTree) type)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return sources;
  }

  /** All of them, in the order of their names. */
  List<ConformingTest> tests() {
    return classes.stream()
        .flatMap(one -> methods(one).flatMap(method -> carriers(one).map(by -> test(by, method))))
        .sorted(Comparator.comparing(ConformingTest::name))
        .toList();
  }

  /** Annotations where they cannot be kept. */
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    for (TestClass one : classes) {
      for (MethodTree method : methods(one).toList()) {
        String name = one.name() + "." + method.getName();
        if (annotations(method).noneMatch(TESTS::contains)) {
          problems.add(name + " is no test");
        }
        if (annotations(method).anyMatch("Disabled"::equals)) {
          problems.add(name + " is disabled");
        }
        if (carriers(one).findAny().isEmpty()) {
          problems.add(name + " is run by no class");
        }
      }
    }
    return problems;
  }

  private static Stream<MethodTree> methods(TestClass one) {
    return one.tree().getMembers().stream()
        .filter(MethodTree.class::isInstance)
        .map(MethodTree.class::cast)
        .filter(method -> conforms(method) != null);
  }

  private Stream<TestClass> carriers(TestClass one) {
    return one.isInterface()
        ? classes.stream().filter(other -> other.implementsInterface(one.name()))
        : Stream.of(one);
  }

  private static ConformingTest test(TestClass by, MethodTree method) {
    Map<Standard, List<String>> statements = new EnumMap<>(Standard.class);
    AnnotationTree conforms = conforms(method);
    if (conforms != null) {
      for (ExpressionTree argument : conforms.getArguments()) {
        AssignmentTree assignment = (AssignmentTree) argument;
        for (Standard standard : Standard.values()) {
          if (assignment.getVariable().toString().equals(standard.attribute())) {
            statements.put(standard, literals(assignment.getExpression()));
          }
        }
      }
    }
    return new ConformingTest(
        by.name() + "." + method.getName(), Setting.ofPackage(by.packageName()), statements);
  }

  private static List<String> literals(ExpressionTree expression) {
    if (expression instanceof NewArrayTree array) {
      return array.getInitializers().stream().map(TestSources::literal).toList();
    }
    return List.of(literal(expression));
  }

  private static String literal(ExpressionTree expression) {
    return expression instanceof LiteralTree literal
        ? String.valueOf(literal.getValue())
        : expression.toString();
  }

  private static @Nullable AnnotationTree conforms(MethodTree method) {
    for (AnnotationTree one : method.getModifiers().getAnnotations()) {
      if (one.getAnnotationType().toString().equals("Conforms")) {
        return one;
      }
    }
    return null;
  }

  private static Stream<String> annotations(MethodTree method) {
    return method.getModifiers().getAnnotations().stream()
        .map(one -> one.getAnnotationType().toString());
  }
}
