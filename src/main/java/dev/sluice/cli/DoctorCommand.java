package dev.sluice.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `sluice doctor`: what runs on this machine, and whether it runs right.
@Command(
    name = "doctor",
    description = "Says what Sluice runs on this machine and why, and checks that it runs right.",
    usageHelpWidth = CommonOptions.HELP_WIDTH,
    footer = {
      "",
      "Exit code 1 if something is broken. Scalar kernels are slow, not broken.",
      "",
      "Example:",
      "  sluice doctor"
    })
final class DoctorCommand implements Callable<Integer> {
  @Mixin private final CommonOptions common = new CommonOptions();

  @Override
  public Integer call() {
    Diagnosis diagnosis = Diagnosis.ofThisMachine();
    common.print(diagnosis::json, diagnosis::text);
    return diagnosis.problems().isEmpty() ? 0 : Failures.FAILED;
  }
}
