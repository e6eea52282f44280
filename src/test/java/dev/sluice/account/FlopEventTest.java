package dev.sluice.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Encodings as the vendors' event lists have them: units in bits 8 to 15, event in bits 0 to 7.
class FlopEventTest {
  private static List<FlopEvent> of(String vendor, int family, int model) {
    return FlopEvent.of(new CpuIdentity(vendor, family, model), () -> 32);
  }

  @ParameterizedTest
  @CsvSource({
    "0x17, 0x01, 0xff03", // Zen 1
    "0x17, 0x31, 0xff03", // Zen 2
    "0x19, 0x01, 0xff03", // Zen 3
    "0x19, 0x21, 0xff03",
    "0x19, 0x50, 0xff03",
    "0x19, 0x11, 0x1f03", // Zen 4
    "0x19, 0x61, 0x1f03",
    "0x19, 0xa0, 0x1f03",
    "0x1a, 0x02, 0x0f03", // Zen 5
    "0x1a, 0x44, 0x0f03"
  })
  void amdCountsOperationsInOneEvent(String family, String model, String config) {
    List<FlopEvent> events = of("AuthenticAMD", Integer.decode(family), Integer.decode(model));
    assertThat(events).hasSize(1);
    assertThat(events.getFirst().config()).isEqualTo(Long.decode(config));
    assertThat(events.getFirst().operations()).isEqualTo(1);
  }

  @Test
  void intelCountsInstructionsByTheirElements() {
    for (int model : new int[] {0x4F, 0x55, 0x6A, 0x8F, 0xCF}) {
      assertThat(of("GenuineIntel", 6, model))
          .extracting(FlopEvent::config)
          .containsExactly(0x03C7L, 0x18C7L, 0x60C7L, 0x80C7L);
      assertThat(of("GenuineIntel", 6, model))
          .extracting(FlopEvent::operations)
          .containsExactly(1L, 4L, 8L, 16L);
    }
  }

  /// Neoverse V1 with vectors of 256 bits: two counts of 128 bits each per count.
  @Test
  void armCountsScalableOperationsPer128Bits() {
    assertThat(of("0x41", 8, 0xD40))
        .extracting(FlopEvent::config, FlopEvent::operations)
        .containsExactly(tuple(0x80C1L, 1L), tuple(0x80C0L, 2L));
    List<FlopEvent> withoutSve = FlopEvent.of(new CpuIdentity("0x41", 8, 0xD49), () -> -22);
    assertThat(withoutSve.getLast().operations()).isEqualTo(1);
  }

  @Test
  void processorsWithoutAKnownEventHaveNone() {
    Stream.of(
            new CpuIdentity("AuthenticAMD", 0x15, 2),
            new CpuIdentity("AuthenticAMD", 0x1A, 0x50), // Zen 6
            new CpuIdentity("GenuineIntel", 6, 0x3C), // Haswell
            new CpuIdentity("GenuineIntel", 6, 0x97), // Alder Lake, two kinds of cores
            new CpuIdentity("GenuineIntel", 15, 0x55),
            new CpuIdentity("0x41", 8, 0xD0C), // Neoverse N1
            new CpuIdentity("CentaurHauls", 6, 0x8F))
        .forEach(cpu -> assertThat(FlopEvent.of(cpu, () -> 16)).as(cpu.toString()).isEmpty());
  }
}
