using StreamSettle.Delivery.Channels;
using StreamSettle.Kernel.Time;

namespace StreamSettle.Delivery.Groups;

/// <summary>One use of a turn: leave for one request under a limit that is smaller than the number of partitions.</summary>
/// <param name="Window">Of the limit.</param>
/// <param name="Index">Which of the limit's turns, from 0.</param>
/// <param name="Number">Which use of it, from 1.</param>
internal readonly record struct Turn(TimeSpan Window, int Index, long Number);

/// <summary>A claim of a turn of each small limit, for one request. Its fields belong to the channel's lock.</summary>
/// <param name="no">Of this run's claims; with the run's name nobody else's.</param>
/// <param name="member">Whose store has it: whoever has the partition later ends it.</param>
internal sealed class TurnClaim(long no, ChannelMember member, Turn[] turns, MonotonicInstant askedAt)
{
    internal long No { get; } = no;

    internal ChannelMember Member { get; } = member;

    internal Turn[] Turns { get; } = turns;

    internal MonotonicInstant AskedAt { get; } = askedAt;

    /// <summary>Those of the turns of which the log says that they are this claim's.</summary>
    internal List<Turn> Won { get; } = [];

    /// <summary>Turns of which the log has said whose they are.</summary>
    internal int Decided { get; set; }
}
