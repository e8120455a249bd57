#include "checks/performance/metrics.h"
#include "checks/performance/multiclass/averages.h"

namespace leeway::performance::multiclass {

constexpr MulticlassMetric f1_macro = quotient_metric<f1_quotient, Average::macro>(
    {.id = "f1_macro",
     .title = "F1 score, macro average",
     .measures = "The unweighted mean over the classes of the harmonic mean of the precision and the recall of the "
                 "class"});

constexpr MulticlassMetric f1_micro = quotient_metric<f1_quotient, Average::micro>(
    {.id = "f1_micro",
     .title = "F1 score, micro average",
     .measures = "F1 score over all classes together, which for one label a row is the accuracy"});

constexpr MulticlassMetric f1_weighted = quotient_metric<f1_quotient, Average::weighted>(
    {.id = "f1_weighted",
     .title = "F1 score, weighted average",
     .measures = "The mean over the classes, weighted with their rows, of the harmonic mean of the precision and "
                 "the recall of the class"});

constexpr MulticlassMetric f1_by_class = quotient_metric<f1_quotient, Average::by_class>(
    {.id = "f1_by_class",
     .title = "F1 score by class",
     .measures = "For each class the harmonic mean of the precision and the recall of the class",
     .misleads = "Moves with the class shares"});

}  // namespace leeway::performance::multiclass
