package dev.sluice.train;

import dev.sluice.format.ModelSpecJson;
import dev.sluice.model.Model;
import dev.sluice.model.NamedTensor;
import java.lang.module.ModuleDescriptor;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a model was made from, by name: in its file, in run records, and how a checkpoint knows its training again.
public final class Provenance {
  private Provenance() {}

  /// Everything that decides the bits of a training.
  static Map<String, String> identity(Trainer.Builder setup) {
    Map<String, String> identity = new TreeMap<>();
    identity.put("blueprint", ModelSpecJson.format(setup.spec));
    identity.put("data", setup.training.contentHash());
    identity.put("validation", setup.validation == null ? "none" : setup.validation.contentHash());
    identity.put("teacher", setup.teacherProvenance());
    if (setup.options.augmentation().movesPixels()) {
      identity.put("imageShape", setup.training.imageShape().map(Object::toString).orElse("none"));
    }
    setup.options.settings().forEach((name, value) -> identity.put("option." + name, value));
    return identity;
  }

  /// Entries of the trained model: its identity, what the data was called, how training went, and what the caller adds.
  static Map<String, String> metadata(
      Trainer.Builder setup, Map<String, String> identity, Progress progress) {
    Map<String, String> metadata = new TreeMap<>();
    identity.forEach((name, value) -> metadata.put("training." + name, value));
    metadata.put("training.dataName", setup.training.name());
    metadata.put("training.bestEpoch", Integer.toString(progress.bestEpoch));
    metadata.put("training.steps", Long.toString(progress.step));
    if (setup.options.plasticity().isOn()) {
      metadata.put("training.rewirings", Long.toString(progress.rewirings));
    }
    metadata.put("training.java", Runtime.version().toString());
    metadata.put("training.sluice", sluiceVersion());
    metadata.putAll(setup.metadata);
    return metadata;
  }

  /// Of the module where there is one, else of the jar's manifest, else `development`.
  public static String sluiceVersion() {
    ModuleDescriptor descriptor = Provenance.class.getModule().getDescriptor();
    String manifest = Provenance.class.getPackage().getImplementationVersion();
    return Optional.ofNullable(descriptor)
        .flatMap(ModuleDescriptor::rawVersion)
        .or(() -> Optional.ofNullable(manifest))
        .orElse("development");
  }

  /// SHA-256 over blueprint and tensors.
  static String hash(Model model) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(
          ModelSpecJson.format(model.spec()).getBytes(java.nio.charset.StandardCharsets.UTF_8));
      for (NamedTensor tensor : model.weights().tensors()) {
        digest.update(tensor.segment().asByteBuffer());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
