using System.Collections.Immutable;
using StreamSettle.Audit.Events;
using StreamSettle.Kernel.Failures;
using StreamSettle.Settlement.Results;

namespace StreamSettle.Topology.Settle;

/// <summary>A line of a settlement.</summary>
/// <param name="Amount">Minor units.</param>
public sealed record SettledLine(Party Party, long Amount);

/// <summary>
/// How an order's money was divided: written once, at the calculation, and read only to make a call's body or to share a refund. What changes with every call is
/// <see cref="SettledOrder"/>. All but the invoice is in the event; the invoice may hold personal data, so it stays out of the event log, and a rebuild takes it
/// from the source row again.
/// </summary>
public sealed record Division
{
    /// <summary>Minor units: the sum of the lines.</summary>
    public required long Net { get; init; }

    public required string RuleVersion { get; init; }

    public required ImmutableArray<SettledLine> Lines { get; init; }

    /// <summary>The column's JSON text; empty for none.</summary>
    public required ImmutableArray<byte> Invoice { get; init; }

    /// <exception cref="CorruptStateException">A line of the event is of no party.</exception>
    public static Division Of(SettlementCalculated calculated, ReadOnlySpan<byte> invoice) => new()
    {
        Net = calculated.Net,
        RuleVersion = calculated.RuleVersion,
        Lines = [.. calculated.Lines.Select(line => new SettledLine(PartyOf(line.Party, line.Level), line.Amount))],
        Invoice = [.. invoice],
    };

    /// <exception cref="CorruptStateException">The text is no party's.</exception>
    public static Party PartyOf(string text, int level = 0) =>
        Party.TryParse(text, level, out var party) ? party : throw new CorruptStateException($"'{text}' is no party of a line");
}
