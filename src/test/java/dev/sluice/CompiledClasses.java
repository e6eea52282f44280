package dev.sluice;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.model.ModelSpec;
import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The application's class files, for tests of what is in them.
public final class CompiledClasses {
  private CompiledClasses() {}

  /// Of all packages.
  public static List<ClassModel> all() throws IOException, URISyntaxException {
    Path root =
        Path.of(
            Optional.ofNullable(ModelSpec.class.getProtectionDomain().getCodeSource())
                .orElseThrow()
                .getLocation()
                .toURI());
    List<ClassModel> classes = new ArrayList<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(CompiledClasses::isOfAPackage).sorted().toList()) {
        classes.add(ClassFile.of().parse(file));
      }
    }
    assertTrue(classes.size() > 40, "classes found below " + root + ": " + classes.size());
    return classes;
  }

  private static boolean isOfAPackage(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".class") && !name.equals("module-info.class");
  }

  /// Whether any instruction of any method is one that is looked for.
  public static boolean anyCode(ClassModel model, Predicate<CodeElement> wanted) {
    return model.methods().stream()
        .flatMap(method -> method.code().stream())
        .anyMatch(code -> code.elementStream().anyMatch(wanted));
  }
}
