using StreamSettle.Kernel.Time;
using StreamSettle.Sandbox.Auditing.Histories;

namespace StreamSettle.Sandbox.Auditing.Checks;

/// <summary>
/// I5 for verifications of one merchant and lane. An order is given its turn by its calculation, so what counts is what waited for it at that moment: of several that did, the older mark goes first, whichever
/// became known first. And the effects come in the order of the calculations, but for calls that a person freed after them.
/// </summary>
internal static class FirstCalls
{
    /// <param name="queue">In order of effect.</param>
    /// <returns>How many overtook one that was ready before them by less than the slack.</returns>
    public static int Inversions(AuditContext world, ReadyCall[] queue, FindingBuilder findings)
    {
        var turns = Array.ConvertAll(queue, ready => Turn.Of(world, ready));
        LatestReady youngerMarks = new(turns.Select(turn => turn.Mark)), laterTurns = new(turns.Select(turn => turn.CalculatedAt));
        var close = 0;
        Turn? freed = null;
        Turn? last = null;
        foreach (var turn in turns)
        {
            findings.Checked();
            var earlier = Latest(freed, Latest(youngerMarks.Above(turn.Mark), laterTurns.Above(turn.CalculatedAt)));
            if (earlier is not null && earlier.Ready.ReadyAt - turn.Ready.ReadyAt > world.Options.OrderSlack)
            {
                findings.Violation(Text(turn, earlier, $"before that of {turn.Ready.Call.Key} (ready {turn.Ready.ReadyAt})"));
            }
            else if (!turn.IsFreed && !world.Options.HasLostState && last is not null && last.CalculatedAt > turn.CalculatedAt)
            {
                findings.Violation(Text(turn, last, $"before that of {turn.Ready.Call.Key}, which was calculated first"));
            }
            else
            {
                close += earlier is not null && earlier.Ready.ReadyAt > turn.Ready.ReadyAt ? 1 : 0;
            }

            if (turn.IsFreed)
            {
                freed = Latest(freed, turn);
            }
            else
            {
                youngerMarks.Add(turn.Mark, turn);
                laterTurns.Add(turn.CalculatedAt, turn);
                last = last is null || turn.CalculatedAt > last.CalculatedAt ? turn : last;
            }
        }

        return close;
    }

    static Turn? Latest(Turn? one, Turn? other) => one is null || other?.Ready.ReadyAt > one.Ready.ReadyAt ? other : one;

    static string Text(Turn late, Turn early, string rest) =>
        $"merchant {late.Ready.Call.MerchantId}: {early.Ready.Call.Key} (ready {early.Ready.ReadyAt}) took effect at {early.Ready.Call.Effect.ArrivedAt}, {rest} at {late.Ready.Call.Effect.ArrivedAt}; "
        + $"marks {early.Mark} and {late.Mark}, calculated {early.CalculatedAt} and {late.CalculatedAt}";

    /// <summary>A first call, and when its order was given its turn.</summary>
    internal sealed record Turn(ReadyCall Ready, UtcInstant Mark, UtcInstant CalculatedAt)
    {
        /// <summary>It queued anew after its calculation.</summary>
        public bool IsFreed => Ready.ReadyAt > CalculatedAt;

        public static Turn Of(AuditContext world, ReadyCall ready) => new(ready, ready.Call.DueAt, world.Histories[ready.Call.Key.Order.ToString()].Calculated!.RecordedAt);
    }

    /// <summary>The call with the latest readiness above any key: a tree of maxima, since a merchant may have 100,000 calls.</summary>
    sealed class LatestReady
    {
        readonly UtcInstant[] keys;
        readonly Turn?[] maxima;

        public LatestReady(IEnumerable<UtcInstant> keys)
        {
            this.keys = [.. keys.Distinct().OrderDescending()];
            maxima = new Turn?[this.keys.Length + 1];
        }

        public void Add(UtcInstant key, Turn turn)
        {
            for (var at = Rank(key); at < maxima.Length; at += at & -at)
            {
                maxima[at] = Latest(maxima[at], turn);
            }
        }

        /// <param name="key">One of the keys.</param>
        public Turn? Above(UtcInstant key)
        {
            Turn? latest = null;
            for (var at = Rank(key) - 1; at > 0; at -= at & -at)
            {
                latest = Latest(latest, maxima[at]);
            }

            return latest;
        }

        /// <summary>1 for the greatest.</summary>
        int Rank(UtcInstant key) => Array.BinarySearch(keys, key, Comparer<UtcInstant>.Create((one, other) => other.CompareTo(one))) + 1;
    }
}
