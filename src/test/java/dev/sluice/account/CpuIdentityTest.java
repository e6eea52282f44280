package dev.sluice.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class CpuIdentityTest {
  private static final String AMD =
      """
      processor\t: 0
      vendor_id\t: AuthenticAMD
      cpu family\t: 26
      model\t\t: 2
      model name\t: AMD EPYC 9755 128-Core Processor: a colon
      stepping\t: 1

      processor\t: 1
      vendor_id\t: AuthenticAMD
      cpu family\t: 26
      model\t\t: 2
      """;

  private static final String ARM =
      """
      processor\t: 0
      BogoMIPS\t: 2100.00
      Features\t: fp asimd sve
      CPU implementer\t: 0x41
      CPU architecture: 8
      CPU variant\t: 0x1
      CPU part\t: 0xd40
      CPU revision\t: 1
      """;

  @Test
  void coresOfOneKindAreOneProcessor() {
    assertThat(CpuIdentity.parse(AMD)).containsExactly(new CpuIdentity("AuthenticAMD", 26, 2));
  }

  @Test
  void armNamesImplementerAndPartInHexadecimal() {
    assertThat(CpuIdentity.parse(ARM)).containsExactly(new CpuIdentity("0x41", 8, 0xD40));
  }

  @Test
  void bigAndLittleCoresAreTwoKinds() {
    String little = ARM.replace("0xd40", "0xd05");
    assertThat(CpuIdentity.parse(ARM + "\n" + little + "\n" + ARM))
        .containsExactly(new CpuIdentity("0x41", 8, 0xD40), new CpuIdentity("0x41", 8, 0xD05));
  }

  @Test
  void whatDoesNotSayWhatItIsIsNoProcessor() {
    assertThat(CpuIdentity.parse("")).isEmpty();
    assertThat(CpuIdentity.parse("processor\t: 0\nhart\t: 0\nisa\t: rv64imafdc\n")).isEmpty();
    assertThat(CpuIdentity.parse(AMD.replace("26", "many"))).isEmpty();
  }

  @Test
  @EnabledOnOs(
      value = OS.LINUX,
      architectures = {"amd64", "aarch64"})
  void thisMachineSaysWhatItIs() throws IOException {
    assertThat(CpuIdentity.parse(Files.readString(Path.of("/proc/cpuinfo")))).isNotEmpty();
  }
}
