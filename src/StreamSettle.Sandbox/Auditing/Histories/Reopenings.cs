using StreamSettle.Kernel.Calls;
using StreamSettle.Sandbox.Auditing.World;

namespace StreamSettle.Sandbox.Auditing.Histories;

/// <summary>The calls of an order that their systems undid, from the news of it to their new effect's confirmation. What rests on one and was not sent yet waits meanwhile.</summary>
internal sealed class Reopenings
{
    readonly Dictionary<CallKey, long> undone = [];
    readonly List<(CallKey Call, long From, LoggedEvent Anew)> over = [];

    /// <summary>A call that was undone.</summary>
    public void Return(LoggedEvent returned)
    {
        if (CallKey.TryParse(returned.Key!, out var key))
        {
            undone.TryAdd(key, returned.Version);
        }
    }

    public void Confirm(LoggedEvent confirmed)
    {
        if (CallKey.TryParse(confirmed.Key!, out var key) && key.Returns > 0 && undone.TryGetValue(key.BeforeReturn(), out var from))
        {
            over.Add((key, from, confirmed));
        }
    }

    /// <summary>What let go that which rests on <paramref name="legs"/>: by the stream's order, since news of a return that came before the confirmation is older than it.</summary>
    /// <param name="letGo">What would have, had none of them been undone by then.</param>
    /// <param name="n">Of the settlement, or the reversal.</param>
    public LoggedEvent After(LoggedEvent letGo, int n, ReadOnlySpan<Leg> legs)
    {
        var last = letGo;
        foreach (var (call, from, anew) in over.OrderBy(one => one.Anew.Version).ToArray())
        {
            last = call.N == n && legs.Contains(call.Leg) && from < last.Version && anew.Version > last.Version ? anew : last;
        }

        return last;
    }
}
