package dev.sluice.experiment;

import java.util.List;

/// Whether gates choose by row, or have collapsed to one subnet that a plain pruned network would be as well.
///
/// Informations are plug-in estimates in bits: of many different sets over few rows they come out too large, up to the entropy of the labels.
///
/// @param ratioMean share of gates open, mean over rows; 1 without gates
/// @param ratioStdDev its standard deviation over rows
/// @param usage per layer and block: share of rows that ran it
/// @param openShare per layer: mean share of gates open; 1 for a dense layer that always runs
/// @param deadBlocks of gated layers, never run
/// @param distinctSets different active sets among the rows, over all layers together
/// @param commonestSetShare share of rows whose active set is the commonest one; 1 for a static subnet
/// @param setInformationBits mutual information of active set and label
/// @param gateInformationBits mean over gates of the mutual information of its decision and the label
public record GateHealth(
    double ratioMean,
    double ratioStdDev,
    List<List<Double>> usage,
    List<Double> openShare,
    int deadBlocks,
    int distinctSets,
    double commonestSetShare,
    double setInformationBits,
    double gateInformationBits) {
  public GateHealth {
    usage = usage.stream().map(List::copyOf).toList();
    openShare = List.copyOf(openShare);
  }
}
