using StreamSettle.App.Reconciling.Comparison;

namespace StreamSettle.App.Reconciling;

/// <summary>What a comparison came to so far.</summary>
sealed class ReconcileCounts
{
    /// <summary>Orders compared.</summary>
    public long Orders { get; set; }

    /// <summary>Calls that systems were asked for, second looks too.</summary>
    public long Asked { get; set; }

    /// <summary>By the kind's word.</summary>
    public SortedDictionary<string, long> Found { get; init; } = new(DiscrepancyKinds.All.ToDictionary(kind => kind.Word(), _ => 0L), StringComparer.Ordinal);

    /// <summary>Where the orders stand.</summary>
    public SortedDictionary<string, long> Standing { get; init; } = new(Enum.GetNames<OrderStanding>().ToDictionary(name => name, _ => 0L), StringComparer.Ordinal);

    public long Of(DiscrepancyKind kind) => Found.GetValueOrDefault(kind.Word());

    public long Of(OrderStanding standing) => Standing.GetValueOrDefault(standing.ToString());

    /// <summary>Differences that are known to be some.</summary>
    public long Known => DiscrepancyKinds.All.Where(kind => kind != DiscrepancyKind.Unknown).Sum(Of);

    public void Count(OrderStanding standing)
    {
        Orders++;
        Standing[standing.ToString()] = Of(standing) + 1;
    }

    public void Count(DiscrepancyKind kind) => Found[kind.Word()] = Of(kind) + 1;
}
