package dev.sluice.cli;

import picocli.CommandLine.Command;

/// The root: knows its subcommands and does nothing itself.
@Command(
    name = "sluice",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description = "Trains gated networks, runs only their open blocks, and says what that saved.",
    subcommands = {
      QuickstartCommand.class,
      TrainCommand.class,
      EvalCommand.class,
      AuditCommand.class,
      PredictCommand.class,
      InspectCommand.class,
      ConvertCommand.class,
      DataCommand.class,
      DoctorCommand.class,
      FrontierCommand.class,
      ReproduceCommand.class
    },
    synopsisSubcommandLabel = "COMMAND",
    usageHelpWidth = CommonOptions.HELP_WIDTH,
    footer = {
      "",
      "Example:",
      "  sluice quickstart",
      "",
      "'sluice COMMAND --help' explains a command. Exit codes: 0 done, 1 failed, 2 wrong usage."
    })
final class SluiceCommand {}
