using System.Collections.Immutable;
using StreamSettle.Kernel.Calls;
using StreamSettle.Kernel.Money;

namespace StreamSettle.Topology.Settle;

/// <summary>A line of a settlement: what a party got.</summary>
/// <param name="Party">As contract and events write it.</param>
/// <param name="PartyId">The promoter's id for commissions, else 0.</param>
/// <param name="Level">The promoter's place in the chain, else 0.</param>
/// <param name="Amount">Minor units.</param>
public sealed record SettledLine(string Party, Leg Leg, long PartyId, int Level, long Amount);

/// <summary>How an order's money was divided: written once, when it was calculated, and never changed. What changes with every call is <see cref="SettledOrder"/>.</summary>
public sealed record Division
{
    public required Currency Currency { get; init; }

    public required long Gross { get; init; }

    public required long Net { get; init; }

    public required string RuleVersion { get; init; }

    public required string BuyerCountry { get; init; }

    /// <summary>The column's JSON text; empty for none.</summary>
    public required ImmutableArray<byte> Invoice { get; init; }

    public required ImmutableArray<SettledLine> Lines { get; init; }
}
