using StreamSettle.Kernel.Ids;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Topology.Pending;

/// <summary>Whose facts a command brings about, why and when.</summary>
/// <param name="Merchant">The order's: before its mark its row's, from then on the one that it had at the mark.</param>
/// <param name="Cause">As events name it.</param>
/// <param name="RecordedAt">The wall clock as events write it.</param>
readonly record struct CommandContext(OrderId Order, MerchantId Merchant, string Cause, string RecordedAt);

/// <summary>What clock and settle ask about an order. Whatever a decision rests on beside the state is in it.</summary>
abstract record OrderCommand(CommandContext Context)
{
    public OrderId Order => Context.Order;

    public MerchantId Merchant => Context.Merchant;

    public string Cause => Context.Cause;

    public string RecordedAt => Context.RecordedAt;
}

/// <summary>Something happens to an order before its calculation: a closed family, for the clock until its mark, for settle from then on; read as one sentence.</summary>
abstract record PendingCommand(CommandContext Context) : OrderCommand(Context);

/// <summary>Its row was read.</summary>
/// <param name="CompletedAt">The row's; null for none.</param>
/// <param name="DueAt">The mark by that row.</param>
sealed record TakeRow(CommandContext Context, PendingChange Change, bool KeyChanged, bool InDoubt, UtcInstant? CompletedAt, UtcInstant DueAt) : PendingCommand(Context);

/// <summary>Its row has changed, and how cannot be read.</summary>
sealed record TakeUnreadable(CommandContext Context) : PendingCommand(Context);

/// <summary>A person replays a refused order: it is decided over its last known row as if it had never been refused.</summary>
/// <param name="CompletedAt">The row's; null for none.</param>
/// <param name="DueAt">The mark by which it is scheduled anew; null from its mark on, where it waits on with the mark that it has.</param>
sealed record ReplayOrder(CommandContext Context, string By, PendingChange Change, bool InDoubt, UtcInstant? CompletedAt, UtcInstant? DueAt, string? Note = null) : PendingCommand(Context);

/// <summary>A person gives a refused order up.</summary>
sealed record DiscardOrder(CommandContext Context, string By, string? Note) : PendingCommand(Context);

/// <summary>The mark has passed, and was taken anew from what is known now.</summary>
sealed record TakeMark(CommandContext Context, UtcInstant CompletedAt, UtcInstant DueAt, UtcInstant Now) : PendingCommand(Context);
