using StreamSettle.Kernel.Bytes;
using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Topology.Pending;

/// <summary>
/// What the facts about an order say before its calculation: the fold of its events (<see cref="PendingFold"/>), for clock and settle alike. Beside it the clock
/// knows three stages of which no fact tells: an order that is known and was never scheduled, one that settle has, and one that is not ours.
/// </summary>
/// <remarks><code>stage(1) | dueRecorded(1) | refusal(nullable string) | merchant(varint) | dueAtUs(varint)</code></remarks>
public readonly record struct PendingState
{
    public PendingStage Stage { get; init; }

    /// <summary>The reason while refused; null else.</summary>
    public string? Refusal { get; init; }

    /// <summary>The merchant of the last mark that was recorded; from the mark on it is so for good.</summary>
    public MerchantId Merchant { get; init; }

    /// <summary>The last mark that was recorded; the epoch before the first.</summary>
    public UtcInstant DueAt { get; init; }

    /// <summary>The passing of this mark is recorded.</summary>
    public bool DueRecorded { get; init; }

    /// <summary>It waits for its mark or for a person: its row is kept.</summary>
    public bool IsWaiting => Stage is PendingStage.Scheduled or PendingStage.Refused;

    /// <summary>The number of the calculation that waits for a person as a dead letter: 0, the settlement's; null for none.</summary>
    public int? OpenRefusal => Stage == PendingStage.Refused ? 0 : null;

    public void Write(ByteWriter to)
    {
        to.Byte((byte)Stage);
        to.Bool(DueRecorded);
        to.NullableString(Refusal);
        to.VarInt64(Merchant.Value);
        to.VarInt64(DueAt.Microseconds);
    }

    public static PendingState Read(ref ByteReader from) => new()
    {
        Stage = (PendingStage)from.Byte(),
        DueRecorded = from.Bool(),
        Refusal = from.NullableString(),
        Merchant = new(from.VarInt64()),
        DueAt = new(from.VarInt64()),
    };
}
