#include "checks/performance/metrics.h"
#include "checks/performance/multiclass/averages.h"

namespace leeway::performance::multiclass {

constexpr MulticlassMetric precision_macro = quotient_metric<precision_quotient, Average::macro>(
    {.id = "precision_macro",
     .title = "Precision, macro average",
     .measures = "The unweighted mean over the classes of the share of rows predicted as the class that are of it"});

constexpr MulticlassMetric precision_micro = quotient_metric<precision_quotient, Average::micro>(
    {.id = "precision_micro",
     .title = "Precision, micro average",
     .measures = "Precision over all classes together, which for one label a row is the accuracy"});

constexpr MulticlassMetric precision_weighted = quotient_metric<precision_quotient, Average::weighted>(
    {.id = "precision_weighted",
     .title = "Precision, weighted average",
     .measures = "The mean over the classes, weighted with their rows, of the share of rows predicted as the class "
                 "that are of it"});

constexpr MulticlassMetric precision_by_class = quotient_metric<precision_quotient, Average::by_class>(
    {.id = "precision_by_class",
     .title = "Precision by class",
     .measures = "For each class the share of rows predicted as the class that are of it",
     .misleads = "Falls for rare classes though the model is unchanged"});

}  // namespace leeway::performance::multiclass
