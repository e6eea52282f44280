package dev.sluice.format;

/// Where the tensors of an opened file live.
public enum Placement {
  /// In the page cache, shared by all processes that open the file. The file must not be changed in place while it is
  /// open; replacing it, as Sluice's own writers do, is safe.
  ///
  /// As quick as memory of its own.
  MAPPED,
  /// In memory of their own, the default: twice the memory while the file is cached, and independent of what becomes of it.
  COPIED
}
