package dev.sluice.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Against the kernel's ABI, `PERF_ATTR_SIZE_VER0`, added up by hand from `include/uapi/linux/perf_event.h`.
class PerfEventAttrTest {
  @ParameterizedTest
  @CsvSource({
    "type, 0",
    "size, 4",
    "config, 8",
    "sample_period, 16",
    "sample_type, 24",
    "read_format, 32",
    "flags, 40",
    "wakeup_events, 48",
    "bp_type, 52",
    "bp_addr, 56"
  })
  void fieldsLieWhereTheKernelReadsThem(String field, long offsetBytes) {
    assertThat(PerfEventAttr.LAYOUT.byteOffset(PathElement.groupElement(field)))
        .isEqualTo(offsetBytes);
  }

  @Test
  void theSizesAreTheKernels() {
    assertThat(PerfEventAttr.LAYOUT.byteSize()).isEqualTo(64);
    assertThat(PerfEventAttr.READING.byteSize()).isEqualTo(24);
  }

  /// Type 4 (raw), size 0x40, config 0x0f03, read format 1 | 2, flags: disabled is bit 0, exclude_kernel 5, exclude_hv 6.
  @Test
  void theBytesOfARawEventAreThoseWorkedOutByHand() {
    assertThat(ByteOrder.nativeOrder()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attr = arena.allocate(PerfEventAttr.LAYOUT).fill((byte) 0x55);
      PerfEventAttr.count(attr, 0x0F03);
      String expected =
          "0400000040000000"
              + "030f000000000000"
              + "0000000000000000"
              + "0000000000000000"
              + "0300000000000000"
              + "6100000000000000"
              + "0000000000000000"
              + "0000000000000000";
      assertThat(HexFormat.of().formatHex(attr.toArray(ValueLayout.JAVA_BYTE))).isEqualTo(expected);
    }
  }
}
