namespace StreamSettle.Settlement.Rules.Lookup;

/// <summary>One list of a rule set. A look-up costs one probe for each distinct shape of <c>when</c> in the list, however many rules there are.</summary>
internal sealed class RuleTable<TTerms>
{
    readonly Shape[] shapes;

    public RuleTable(IEnumerable<Rule<TTerms>> rules, RuleNames names)
    {
        // Weights are bits, so the weight of a match is its shape, and the heaviest shape that hits wins.
        shapes =
        [
            .. rules.Select(rule => (Key: names.Intern(rule.When), Rule: rule))
                .GroupBy(pair => pair.Key.Weight, (weight, pairs) => new Shape(weight, pairs.ToDictionary(pair => pair.Key, pair => pair.Rule)))
                .OrderByDescending(shape => shape.Weight),
        ];
    }

    /// <summary>The most specific rule for the order; null where none matches.</summary>
    public Rule<TTerms>? Find(in RuleKey order)
    {
        var there = order.Weight;
        foreach (ref readonly var shape in shapes.AsSpan())
        {
            if ((shape.Weight & ~there) == 0 && shape.Rules.TryGetValue(order.Only(shape.Weight), out var rule))
            {
                return rule;
            }
        }

        return null;
    }

    readonly record struct Shape(int Weight, Dictionary<RuleKey, Rule<TTerms>> Rules);
}
