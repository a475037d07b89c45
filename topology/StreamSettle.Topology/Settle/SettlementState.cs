using System.Collections.Immutable;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;
using StreamSettle.Topology.Pending;

namespace StreamSettle.Topology.Settle;

/// <summary>What the facts about an order say, as far as its settlement rests on them: the fold of its events (<see cref="SettlementFold"/>), and nothing else.</summary>
public sealed record SettlementState
{
    /// <summary>Before the first fact.</summary>
    public static SettlementState Unknown { get; } = new();

    /// <summary>Where it stands until it is calculated; from then on only its merchant and its mark count, and <see cref="Settled"/> says the rest.</summary>
    public PendingState Pending { get; init; }

    public SettledOrder? Settled { get; init; }

    /// <summary>The scopes that hold it, as far as that is recorded: a hold is told of an order when it keeps something of it back.</summary>
    public ImmutableArray<string> Held
    {
        get => field.IsDefault ? [] : field;
        init;
    }

    public MerchantId Merchant => Pending.Merchant;

    /// <summary>The settlement's mark.</summary>
    public UtcInstant DueAt => Pending.DueAt;

    /// <summary>It waits for its calculation, and nothing stands in the way.</summary>
    public bool IsScheduled => Settled is null && Pending.Stage == PendingStage.Scheduled;

    /// <summary>The number of the calculation that waits for a person as a dead letter: 0 for the settlement's, a reversal's for a refund; null for none.</summary>
    public int? OpenRefusal => Settled switch
    {
        null => Pending.OpenRefusal,
        { Refused: { Open: true } refund } => refund.N,
        _ => null,
    };

    /// <summary>Nothing is to come of it by itself, and nothing that is recorded waits for a person.</summary>
    public bool IsFinished => Settled is { } settled ? settled.IsFinished : Pending.Stage is PendingStage.Idle or PendingStage.GivenUp;

    /// <summary>The mark of the settlement (<paramref name="n"/> = 0), or the commit time of the refund that a reversal takes back.</summary>
    public UtcInstant DueAtOf(int n) => n == 0 ? DueAt : Settled!.Reversals[n - 1].DueAt;
}
