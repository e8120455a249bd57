#include "checks/performance/metrics.h"
#include "checks/performance/multiclass/averages.h"

namespace leeway::performance::multiclass {

constexpr MulticlassMetric recall_macro = quotient_metric<recall_quotient, Average::macro>(
    {.id = "recall_macro",
     .title = "Recall, macro average",
     .measures = "The unweighted mean over the classes of the share of the rows of the class that are predicted as "
                 "it"});

constexpr MulticlassMetric recall_micro = quotient_metric<recall_quotient, Average::micro>(
    {.id = "recall_micro",
     .title = "Recall, micro average",
     .measures = "Recall over all classes together, which for one label a row is the accuracy"});

constexpr MulticlassMetric recall_weighted = quotient_metric<recall_quotient, Average::weighted>(
    {.id = "recall_weighted",
     .title = "Recall, weighted average",
     .measures = "The mean over the classes, weighted with their rows, of the share of the rows of the class that "
                 "are predicted as it"});

constexpr MulticlassMetric recall_by_class = quotient_metric<recall_quotient, Average::by_class>(
    {.id = "recall_by_class",
     .title = "Recall by class",
     .measures = "For each class the share of the rows of the class that are predicted as it",
     .misleads = "A class can buy recall with other classes' precision"});

}  // namespace leeway::performance::multiclass
