package dev.sluice.train;

/// How much a teacher model says in the loss, `L = (1 − weight)·L_task + weight·L_teacher`, Hinton et al., arXiv 1503.02531.
///
/// ```
/// softmax     L_teacher = T²·KL( softmax(teacher/T) ‖ softmax(student/T) )
/// sigmoid     L_teacher = T²·mean over outputs of KL( σ(teacher/T) ‖ σ(student/T) )
/// identity    L_teacher = the regression loss against the teacher's outputs; T is not used
/// ```
///
/// @param temperature T > 0
/// @param weight in [0, 1]
public record Distillation(double temperature, double weight) {
  public Distillation {
    OptionChecks.between("distillation temperature", temperature, 0, 1e4);
    OptionChecks.within("distillation weight", weight, 0, 1);
  }
}
