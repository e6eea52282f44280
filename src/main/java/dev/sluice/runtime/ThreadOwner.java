package dev.sluice.runtime;

/// Tells a second thread that what it uses belongs to another.
///
/// One comparison a call and no fence: the field may be read stale, but it never holds a thread
/// that did not attach itself, so a foreign thread is always refused.
final class ThreadOwner {
  private final String subject;
  private Thread owner = Thread.currentThread();

  ThreadOwner(String subject) {
    this.subject = subject;
  }

  void require() {
    if (Thread.currentThread() != owner) {
      throw foreignThread();
    }
  }

  void attach() {
    owner = Thread.currentThread();
  }

  private IllegalStateException foreignThread() {
    return new IllegalStateException(
        subject
            + " belongs to another thread, attach() hands it over: owner="
            + describe(owner)
            + ", caller="
            + describe(Thread.currentThread()));
  }

  private static String describe(Thread thread) {
    return thread.getName() + "#" + thread.threadId();
  }
}
