package dev.sluice.format;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A disk that takes at most 100 bytes at a time, `capacityBytes` in all, and may fail to force or to close.
final class FailingDisk implements AtomicFile.Output {
  private static final int MOST_BYTES_AT_A_TIME = 100;

  private final FileChannel channel;
  private final boolean failsToForce;
  private final boolean failsToClose;
  private long capacityBytes;

  FailingDisk(Path temporary, long capacityBytes, boolean failsToForce, boolean failsToClose)
      throws IOException {
    this(
        FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
        capacityBytes,
        failsToForce,
        failsToClose);
  }

  FailingDisk(FileChannel channel, long capacityBytes, boolean failsToForce, boolean failsToClose) {
    this.channel = channel;
    this.capacityBytes = capacityBytes;
    this.failsToForce = failsToForce;
    this.failsToClose = failsToClose;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    int bytes = (int) Math.min(capacityBytes, Math.min(MOST_BYTES_AT_A_TIME, source.remaining()));
    if (bytes == 0) {
      throw new IOException("No space left on device");
    }
    int written = channel.write(source.slice(source.position(), bytes));
    source.position(source.position() + written);
    capacityBytes -= written;
    return written;
  }

  @Override
  public void force() throws IOException {
    if (failsToForce) {
      throw new IOException("Input/output error");
    }
    channel.force(true);
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public void close() throws IOException {
    channel.close();
    if (failsToClose) {
      throw new IOException("Input/output error");
    }
  }
}
