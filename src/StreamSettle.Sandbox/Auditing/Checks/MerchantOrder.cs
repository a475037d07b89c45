using StreamSettle.Kernel.Calls;
using StreamSettle.Sandbox.Auditing.Histories;

namespace StreamSettle.Sandbox.Auditing.Checks;

/// <summary>
/// I5: at each system the effects of one merchant and lane come in the order in which they could be sent, of several that could at once the older mark first; and no leg before the one that it rests on.
/// </summary>
/// <remarks>
/// Which call was ready first is taken from the log. Two confirmations of one leg were recorded by one part of the program, and their order counts to the microsecond. Marks, late news and
/// confirmations of different legs come over different roads: there <see cref="AuditOptions.OrderSlack"/> must lie between them before it counts; inversions within it are told as a note.
/// The first call of each order is judged by <see cref="FirstCalls"/>.
/// </remarks>
internal sealed class MerchantOrder : IAuditCheck
{
    public string Invariant => "I5";

    public string Title => "per merchant and lane, effects come in the order in which they could be sent";

    public void Run(AuditContext world, FindingBuilder findings)
    {
        var close = 0;
        var queues = world.ByKey.Values
            .Where(call => call.Key.Leg != Leg.TaxRefund && !world.Options.Unordered.Contains(call.Key.Leg))
            .Select(call => Readiness.Of(world, call))
            .OfType<ReadyCall>()
            .GroupBy(ready => (ready.Call.MerchantId, Priority: world.Histories[ready.Call.Key.Order.ToString()].Calculated!.Priority, ready.Call.Key.Leg));
        foreach (var queue in queues)
        {
            var calls = queue.OrderBy(ready => ready.Call.Effect.ArrivedAt).ThenBy(ready => ready.Call.Effect.Sequence).ToArray();
            close += queue.Key.Leg == Leg.Verification ? FirstCalls.Inversions(world, calls, findings) : Inversions(calls, world.Options.OrderSlack, findings);
        }

        foreach (var call in world.ByKey.Values)
        {
            Dependencies(world, call, findings);
        }

        if (close > 0)
        {
            findings.Note($"{close} effects overtook one that was ready less than {world.Options.OrderSlack.TotalMilliseconds} ms before them");
        }
    }

    /// <summary>One pass: the latest readiness among those that went before must not be later than one's own.</summary>
    /// <param name="queue">In order of effect.</param>
    /// <returns>How many overtook within the slack.</returns>
    static int Inversions(ReadyCall[] queue, TimeSpan slack, FindingBuilder findings)
    {
        var close = 0;
        var latest = new Dictionary<ReadyBy, ReadyCall>();
        foreach (var ready in queue)
        {
            findings.Checked();
            if (latest.Values.Where(earlier => Overtook(earlier, ready, slack)).Cast<ReadyCall?>().FirstOrDefault() is { } overtaker)
            {
                findings.Violation(
                    $"merchant {ready.Call.MerchantId}: {overtaker.Call.Key} ({Text(overtaker)}) took effect at {overtaker.Call.Effect.ArrivedAt}, before {ready.Call.Key} ({Text(ready)}) at {ready.Call.Effect.ArrivedAt}");
            }
            else
            {
                close += latest.Values.Any(earlier => Overtook(earlier, ready, TimeSpan.Zero)) ? 1 : 0;
            }

            if (!latest.TryGetValue(ready.By, out var known) || ready.ReadyAt > known.ReadyAt)
            {
                latest[ready.By] = ready;
            }
        }

        return close;
    }

    static string Text(ReadyCall ready) =>
        $"ready {ready.ReadyAt} by {ready.By switch { ReadyBy.VerificationConfirmed => "its verification", ReadyBy.SplitConfirmed => "its split", ReadyBy.Mark => "its mark", _ => "what it waited for" }}{(ready.SeenAt > ready.ReadyAt ? $", seen by {ready.SeenAt}" : "")}";

    static bool Overtook(ReadyCall earlier, ReadyCall ready, TimeSpan slack) =>
        earlier.By == ready.By && ready.IsExact ? earlier.ReadyAt > ready.ReadyAt : earlier.ReadyAt - ready.SeenAt > slack;

    /// <summary>By the systems' clocks alone, which are one: a leg's effect comes after that of the leg it rests on.</summary>
    static void Dependencies(AuditContext world, AcceptedCall call, FindingBuilder findings)
    {
        if (!world.Histories.TryGetValue(call.Key.Order.ToString(), out var history))
        {
            return;
        }

        var n = call.Key.N;
        IEnumerable<AcceptedCall?> before = (call.Key.Leg, n) switch
        {
            (Leg.Verification or Leg.TaxRefund, _) => [],
            (Leg.Commission, _) => [world.Call(history, Leg.Split, n), .. Earlier(world, history, n)],
            (_, 0) => [world.Call(history, Leg.Verification, 0)],
            _ => Earlier(world, history, n),
        };
        foreach (var first in before.OfType<AcceptedCall>())
        {
            findings.Require(first.Effect.Sequence < call.Effect.Sequence, () => $"{call.Key} took effect at {call.Effect.ArrivedAt}, before {first.Key} at {first.Effect.ArrivedAt}");
        }
    }

    static IEnumerable<AcceptedCall?> Earlier(AuditContext world, OrderHistory history, int n) =>
        n == 0 ? [world.Call(history, Leg.Verification, 0)] : LegLines.Money.Select(leg => world.Call(history, leg, n - 1)).Append(world.Call(history, Leg.Verification, 0));
}
