namespace StreamSettle.Schemas.Avro.Plans;

/// <summary>The problems that every value meets: those outside of branches that need not be written and of items that need not be there.</summary>
internal static class CertainProblems
{
    public static IReadOnlyList<ResolutionProblem> Of(PlanStep root) => Of(root, []);

    static IReadOnlyList<ResolutionProblem> Of(PlanStep step, HashSet<PlanStep> seen)
    {
        AvroNesting.Check();
        if (!seen.Add(step))
        {
            return [];
        }

        return step.Op switch
        {
            PlanOp.Mismatch => [step.Problem!],
            PlanOp.Record => [.. step.Steps.SelectMany(part => Of(part, seen))],
            PlanOp.Branch => Of(step.Steps[0], seen),
            PlanOp.Union => OfUnion(step, seen),
            _ => [],
        };
    }

    /// <summary>Of a union only where none of its branches can be read.</summary>
    static IReadOnlyList<ResolutionProblem> OfUnion(PlanStep step, HashSet<PlanStep> seen)
    {
        var problems = step.Steps.Select(branch => Of(branch, seen)).ToList();
        return problems.TrueForAll(branch => branch.Count > 0) ? [.. problems.SelectMany(branch => branch)] : [];
    }
}
