package dev.sluice.format;

/// Where the tensors of an opened file live.
public enum Placement {
  /// In the page cache, shared by all processes that open the file. The file must not be changed in place while it is
  /// open; replacing it, as Sluice's own writers do, is safe.
  ///
  /// Slow to warm up on JDK 25: a mapped segment is of another class than the segments kernels otherwise see, C2 hoists the class
  /// check that the shared profile suggests out of the kernel's loop (`profile_predicate`), it fails, and the kernel is compiled
  /// and thrown away some hundred times before C2 stops guessing: up to a minute of slow answers. Then it is as quick.
  MAPPED,
  /// In memory of their own, the default: twice the memory while the file is cached, and independent of what becomes of it.
  COPIED
}
