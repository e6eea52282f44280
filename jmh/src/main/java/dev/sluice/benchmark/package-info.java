/// JMH benchmarks of Sluice's kernels, predictors and trainer, beside what they are measured against: the machine's read bandwidth, its
/// FMA peak, ONNX Runtime, PyTorch through DJL, OpenBLAS, netlib's VectorBLAS.
///
/// Every benchmark compares its answers with independent ones before it is timed and refuses to run if they differ. Start with
/// `README.md` of this project; [dev.sluice.benchmark.Ratios] turns JMH's result file into the ratios that are quoted.
package dev.sluice.benchmark;
