package dev.sluice.kernel.meter;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import org.jspecify.annotations.Nullable;

/// Loads the classes in which kernels compute once more, through [CountingTransform]; all others are the parent's. Templates are made of the class files that their
/// loader shows, so they get these with counters already in them.
final class CountingLoader extends ClassLoader {
  private static final String KERNEL = "dev.sluice.kernel.";

  CountingLoader(ClassLoader parent) {
    super(parent);
  }

  /// Whether a class computes for kernels.
  static boolean isCounted(String className) {
    return className.startsWith(KERNEL + "scalar.")
        || className.startsWith(KERNEL + "simd.")
        || className.equals(KERNEL + "ScalarMath");
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!isCounted(name)) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      if (loaded != null) {
        return loaded;
      }
      byte[] bytes = counted(name);
      if (bytes == null) {
        throw new ClassNotFoundException(name);
      }
      return defineClass(name, bytes, 0, bytes.length);
    }
  }

  @Override
  public @Nullable InputStream getResourceAsStream(String name) {
    String className = name.replace('/', '.').replaceAll("\\.class$", "");
    if (!name.endsWith(".class") || !isCounted(className)) {
      return super.getResourceAsStream(name);
    }
    byte[] bytes = counted(className);
    return bytes == null ? null : new ByteArrayInputStream(bytes);
  }

  private byte @Nullable [] counted(String className) {
    String resource = className.replace('.', '/') + ".class";
    try (InputStream stream = CountingLoader.class.getResourceAsStream("/" + resource)) {
      return stream == null ? null : transform(stream.readAllBytes(), className);
    } catch (IOException e) {
      throw new UncheckedIOException("kernel class file cannot be read: class=" + className, e);
    }
  }

  static byte[] transform(byte[] classFile, String className) {
    String simpleName = className.substring(className.lastIndexOf('.') + 1);
    CodeTransform counting = CodeTransform.ofStateful(() -> new CountingTransform(simpleName));
    ClassFile context = ClassFile.of();
    return context.transformClass(
        context.parse(classFile), ClassTransform.transformingMethodBodies(counting));
  }
}
