package dev.sluice.account;

import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/// A raw event of a processor's performance counters that counts floating-point operations.
///
/// | processor | events | source |
/// |---|---|---|
/// | AMD Zen 1 to 3 | PMCx003, all units | Processor Programming Reference, family 17h and 19h |
/// | AMD Zen 4 | PMCx003, units 0x1f: a fifth kind, bfloat16 | the same, 19h |
/// | AMD Zen 5 | PMCx003, units 0x0f: the upper bits choose a precision | the same, 1Ah |
/// | Intel since Broadwell, one kind of core | `FP_ARITH_INST_RETIRED`, 0xC7, by elements per instruction | Intel's perfmon event lists |
/// | Neoverse V1, N2, V2, A64FX | `FP_SCALE_OPS_SPEC` 0x80C0, `FP_FIXED_OPS_SPEC` 0x80C1 | Arm ARM, DDI 0487, PMU events |
///
/// All count a fused multiply-add as two. AMD counts operations, Intel instructions (an FMA twice) whatever their mask, Arm operations that were
/// executed speculatively, those of scalable vectors per 128 bits. Of Intel's events, packs of two doubles are left out: with Hyper-Threading there are
/// four counters, and no kernel works on them.
///
/// @param config as `perf_event_attr.config` of a raw event has it
/// @param operations per count
record FlopEvent(String name, long config, long operations) {
  private static final String AMD = "AuthenticAMD";
  private static final String INTEL = "GenuineIntel";
  private static final String ARM = "0x41";
  private static final String FUJITSU = "0x46";

  private static final int ARM_SCALABLE_BYTES = 16;

  /// Broadwell, Skylake, Kaby, Coffee, Comet, Ice, Tiger and Rocket Lake; Xeons to Granite Rapids. Processors of two kinds of cores are missing: the
  /// small cores have other events.
  private static final Set<Integer> INTEL_MODELS =
      Set.of(
          0x3D, 0x47, 0x4F, 0x56, 0x4E, 0x5E, 0x55, 0x8E, 0x9E, 0xA5, 0xA6, 0x7D, 0x7E, 0x6A, 0x6C,
          0x8C, 0x8D, 0xA7, 0x8F, 0xCF, 0xAD, 0xAE);

  private static final Set<Integer> NEOVERSE_WITH_SVE = Set.of(0xD40, 0xD49, 0xD4F);
  private static final int A64FX = 0x001;

  /// @param vectorBytes of scalable vectors, or less than 16 where there are none; asked for on Arm alone
  /// @return empty if none is known
  static List<FlopEvent> of(CpuIdentity cpu, LongSupplier vectorBytes) {
    if (cpu.vendor().equals(AMD)) {
      return amd(cpu.family(), cpu.model());
    }
    if (cpu.vendor().equals(INTEL) && cpu.family() == 6 && INTEL_MODELS.contains(cpu.model())) {
      return intel();
    }
    boolean isArm = cpu.vendor().equals(ARM) && NEOVERSE_WITH_SVE.contains(cpu.model());
    if (isArm || cpu.vendor().equals(FUJITSU) && cpu.model() == A64FX) {
      return arm(vectorBytes.getAsLong());
    }
    return List.of();
  }

  private static List<FlopEvent> amd(int family, int model) {
    return switch (family) {
      case 0x17 -> amd(0xFF);
      case 0x19 -> amd(model < 0x10 || model >= 0x20 && model < 0x60 ? 0xFF : 0x1F);
      case 0x1A -> isZen5(model) ? amd(0x0F) : List.of();
      default -> List.of();
    };
  }

  private static boolean isZen5(int model) {
    return model < 0x30 || model >= 0x40 && model < 0x50 || model >= 0x60 && model < 0x80;
  }

  private static List<FlopEvent> amd(int units) {
    return List.of(new FlopEvent("fp_ret_sse_avx_ops.all", raw(0x03, units), 1));
  }

  private static List<FlopEvent> intel() {
    return List.of(
        new FlopEvent("fp_arith_inst_retired.scalar", raw(0xC7, 0x03), 1),
        new FlopEvent("fp_arith_inst_retired.4_flops", raw(0xC7, 0x18), 4),
        new FlopEvent("fp_arith_inst_retired.8_flops", raw(0xC7, 0x60), 8),
        new FlopEvent("fp_arith_inst_retired.512b_packed_single", raw(0xC7, 0x80), 16));
  }

  private static List<FlopEvent> arm(long vectorBytes) {
    return List.of(
        new FlopEvent("fp_fixed_ops_spec", 0x80C1, 1),
        new FlopEvent("fp_scale_ops_spec", 0x80C0, Math.max(1, vectorBytes / ARM_SCALABLE_BYTES)));
  }

  private static long raw(int event, int units) {
    return (long) units << 8 | event;
  }
}
