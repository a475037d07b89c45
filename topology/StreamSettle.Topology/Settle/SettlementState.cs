using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Topology.Pending;

namespace StreamSettle.Topology.Settle;

/// <summary>What the facts about an order say, as far as its settlement rests on them: the fold of its events (<see cref="SettlementFold"/>), and nothing else.</summary>
public sealed record SettlementState
{
    /// <summary>Before the first fact.</summary>
    public static SettlementState Unknown { get; } = new();

    /// <summary>Where it stands until it is calculated; from then on <see cref="Settled"/> says more.</summary>
    public PendingStage Stage { get; init; }

    public string? Refusal { get; init; }

    /// <summary>The merchant that was told last; from the mark on it is so for good.</summary>
    public MerchantId Merchant { get; init; }

    /// <summary>The mark that was told last; the epoch before the first.</summary>
    public UtcInstant DueAt { get; init; }

    /// <summary>The passing of this mark was told.</summary>
    public bool DueTold { get; init; }

    public SettledOrder? Settled { get; init; }

    /// <summary>The number of the calculation that waits for a person as a dead letter: 0 for the settlement's, a reversal's for a refund; null for none.</summary>
    public int? OpenRefusal => Settled switch
    {
        null => Stage == PendingStage.Refused ? 0 : null,
        { Refused: { Open: true } refund } => refund.N,
        _ => null,
    };

    /// <summary>Nothing is to come of it by itself, and nothing that was told waits for a person.</summary>
    public bool IsFinished => Settled is { } settled ? settled.IsFinished : Stage is PendingStage.Idle or PendingStage.GivenUp;

    /// <summary>The mark of the settlement (<paramref name="n"/> = 0), or the commit time of the refund that a reversal takes back.</summary>
    public UtcInstant DueAtOf(int n) => n == 0 ? DueAt : Settled!.Reversals[n - 1].DueAt;
}
