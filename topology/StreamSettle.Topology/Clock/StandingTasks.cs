using System.Globalization;
using StreamSettle.Kernel.Ids;
using StreamSettle.Streams.Tasks;

namespace StreamSettle.Topology.Clock;

/// <summary>
/// The tasks that stand at a due order, and since when. It is usual for a moment, until the next mark of the source; an order that is altered before each of them would keep
/// all later marks back, and nobody would know why. Not thread-safe.
/// </summary>
sealed class StandingTasks(TimeProvider time)
{
    /// <summary>Many times the interval of the source's marks, which is two seconds at most.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly Dictionary<TaskId, (OrderId Order, long Since)> standing = [];

    /// <summary>Where the task stands now; null for nowhere.</summary>
    public void At(TaskId task, OrderId? order)
    {
        if (order is not { } at)
        {
            standing.Remove(task);
        }
        else if (!standing.TryGetValue(task, out var known) || known.Order != at)
        {
            standing[task] = (at, time.GetTimestamp());
        }
    }

    /// <summary>One for each order at which a task has stood for longer than is usual.</summary>
    public IEnumerable<ClosedReason> Reasons() =>
        standing.Values.Where(at => time.GetElapsedTime(at.Since) > Patience).GroupBy(at => at.Order).Select(at => new ClosedReason(
            ClosedBy.RestlessOrder,
            string.Create(
                CultureInfo.InvariantCulture,
                $"order {at.Key} is due and has waited for {(long)at.Max(one => time.GetElapsedTime(one.Since).TotalSeconds)} s for the end of the transactions that alter its row, and orders with later marks wait behind it: see what writes to that row. It goes on by itself when the row rests for a few seconds")));
}
